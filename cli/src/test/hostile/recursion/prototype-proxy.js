// A prototype chain of 20,000 proxies.
// expect: RangeError
// expect: abort
exports.attack = () => { let p = null; for (let i = 0; i < 2e4; i++) p = new Proxy(Object.create(p), {}); return p.x === undefined }
