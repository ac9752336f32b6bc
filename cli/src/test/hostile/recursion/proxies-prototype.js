// Prototypes of 20,000 proxies on each other.
// expect: ok true
// expect: abort
exports.attack = () => { let p = {}; for (let i = 0; i < 2e4; i++) p = new Proxy(p, {}); return Object.getPrototypeOf(p) === Object.prototype }
