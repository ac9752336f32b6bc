// A regular expression with 50,000 lookaheads within each other.
// expect: SyntaxError
exports.attack = () => new RegExp('(?='.repeat(5e4) + 'a' + ')'.repeat(5e4)).test('a')
