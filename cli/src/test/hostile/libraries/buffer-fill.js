// Fills a buffer, again and again.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const b = Buffer.alloc(2 ** 22); for (;;) b.fill('abc') }
