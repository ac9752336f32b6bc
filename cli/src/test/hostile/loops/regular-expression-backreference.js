// A regular expression with backreferences, which no automaton could do faster.
// expect: ok false
// fuel: 4
exports.attack = () => /^(a*)*(b*)*\1\2\1\2c$/.test('ab'.repeat(2000))
