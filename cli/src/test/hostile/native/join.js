// Joins 2^32 holes to a text.
// expect: abort
// watchdog: 100
exports.attack = () => { const a = []; a.length = 2 ** 32 - 1; return a.join('').length }
