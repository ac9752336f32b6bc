// Classes within classes, 50,000 deep.
// expect: SyntaxError
exports.attack = () => new RegExp('['.repeat(5e4) + 'a' + ']'.repeat(5e4), 'v').test('a')
