// A regular expression that tries exponentially many ways.
// expect: trap fuel
// fuel: 4
exports.attack = () => /^(a+)+$/.test('a'.repeat(40) + 'b')
