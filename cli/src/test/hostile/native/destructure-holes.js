// Takes the rest of 2^32 holes.
// expect: trap fuel
// fuel: 4
exports.attack = () => { const a = []; a.length = 2 ** 32 - 1; const [, ...rest] = a; return rest.length }
