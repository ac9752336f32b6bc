// Asks 100,000 proxies on each other whether they are an array.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let p = []; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return Array.isArray(p) }
