// Blocks 100,000 deep, evaluated.
// expect: RangeError
exports.attack = () => eval('{'.repeat(1e5) + '}'.repeat(1e5))
