// An error as a result.
// expect: ok {}
exports.attack = () => new TypeError('as a value')
