// An async iterator without an end.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = async () => { for await (const x of (async function * () { for (;;) yield 1 })()) x.y }
