// A generator without an end.
// expect: trap fuel
// fuel: 4
exports.attack = () => { for (const x of (function * () { for (;;) yield 1 })()) x.y }
