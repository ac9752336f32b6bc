// A symbol.
// expect: TypeError
exports.attack = () => Symbol('x')
