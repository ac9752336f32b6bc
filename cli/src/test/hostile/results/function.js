// A function.
// expect: TypeError
exports.attack = () => () => 1
