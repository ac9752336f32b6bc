// Sorts 2^32 holes.
// expect: abort
exports.attack = () => { const a = []; a.length = 2 ** 32 - 1; a.sort(); return a.length }
