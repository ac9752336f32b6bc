// fetch of what is not the web.
// expect: ok ["TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError"]
exports.attack = () => System.oracle(async () => { const got = []; for (const u of ['file:///etc/passwd', 'jar:file:/x!/y', 'ftp://127.0.0.1/', 'data:text/plain,x', 'javascript:1', '', 'http://', '//x', 'http://[::1', 'http://a b/']) { try { await fetch(u); got.push('fetched') } catch (e) { got.push(e.name) } } return got })
