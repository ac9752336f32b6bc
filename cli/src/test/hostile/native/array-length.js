// Sets the length of an array up and down.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const a = []; for (;;) { a.length = 2 ** 32 - 1; a.length = 0 } }
