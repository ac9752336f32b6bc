// fetch with headers that end the request and begin another.
// expect: ok ["TypeError","TypeError","TypeError","TypeError","TypeError"]
exports.attack = () => System.oracle(async () => { const got = []; for (const headers of [{ 'x\r\ny': '1' }, { x: '1\r\n\r\nGET / HTTP/1.1' }, { host: 'evil' }, { 'content-length': '-1' }, { '': '' }]) { try { await fetch('http://127.0.0.1:1/', { headers }); got.push('fetched') } catch (e) { got.push(e.name) } } return got })
