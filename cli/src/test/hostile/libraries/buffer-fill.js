// Fills a buffer, again and again.
// expect: trap fuel
// expect: abort
exports.attack = () => { const b = Buffer.alloc(2 ** 22); for (;;) b.fill('abc') }
