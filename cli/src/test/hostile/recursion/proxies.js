// A proxy on a proxy on a proxy, 20,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => { let p = {}; for (let i = 0; i < 2e4; i++) p = new Proxy(p, {}); return p.x }
