// An array literal nested 20,000 deep, evaluated.
// expect: RangeError
// expect: abort
exports.attack = () => eval('['.repeat(2e4) + ']'.repeat(2e4))
