// A regular expression that tries exponentially many ways backwards.
// expect: ok false
// fuel: 4
exports.attack = () => /(?<=^(a|a)*)b/.test('a'.repeat(60) + 'c'.repeat(60))
