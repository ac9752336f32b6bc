// An array of 2^32 holes.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const a = []; a.length = 2 ** 32 - 1; return a }
