// A regular expression with 100,000 groups within each other.
// expect: SyntaxError
exports.attack = () => new RegExp('('.repeat(1e5) + 'a' + ')'.repeat(1e5)).test('a')
