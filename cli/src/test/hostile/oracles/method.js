// fetch with a method that is none.
// expect: ok ["TypeError","TypeError","TypeError","TypeError","TypeError","TypeError"]
// expect: abort
exports.attack = () => System.oracle(async () => { const got = []; for (const method of ['GET / HTTP/1.1\r\nx: y', '', 'CONNECT', 'TRACE', '\u0000', 'G'.repeat(1e6)]) { try { await fetch('http://127.0.0.1:1/', { method }); got.push('fetched') } catch (e) { got.push(e.name) } } return got })
