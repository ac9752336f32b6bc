// A pattern nested 100,000 deep.
// expect: SyntaxError
exports.attack = () => eval('var [' + '['.repeat(1e5) + 'a' + ']'.repeat(1e5) + ']=[]')
