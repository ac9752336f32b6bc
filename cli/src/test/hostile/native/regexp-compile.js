// Compiles a regular expression of nested counted repeats.
// expect: ok true
exports.attack = () => new RegExp('(?:'.repeat(9) + 'a' + '{0,999})'.repeat(9)).test('a'.repeat(1000))
