// Sets a member through 20,000 proxies.
// expect: RangeError
// expect: abort
exports.attack = () => { let p = {}; for (let i = 0; i < 2e4; i++) p = new Proxy(p, {}); p.x = 1; return 1 }
