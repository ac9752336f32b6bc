// Throws a function.
// expect: Error
exports.attack = () => { throw () => 1 }
