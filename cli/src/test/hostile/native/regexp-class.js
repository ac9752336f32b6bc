// Compiles a regular expression with 100,000 classes of Unicode.
// expect: SyntaxError
// expect: abort
exports.attack = () => new RegExp('[\\p{L}--\\p{Lu}]'.repeat(1e4), 'v').test('a')
