// An array literal nested 100,000 deep, evaluated.
// expect: RangeError
// expect: abort
exports.attack = () => eval('['.repeat(1e5) + ']'.repeat(1e5))
