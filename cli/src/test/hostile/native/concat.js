// Joins arrays of 2^32 holes.
// expect: abort
// watchdog: 100
exports.attack = () => { const a = []; a.length = 2 ** 32 - 1; return a.concat(a).length }
