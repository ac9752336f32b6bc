// Calls through 20,000 proxies.
// expect: RangeError
// expect: abort
exports.attack = () => { let p = () => 1; for (let i = 0; i < 2e4; i++) p = new Proxy(p, {}); return p() }
