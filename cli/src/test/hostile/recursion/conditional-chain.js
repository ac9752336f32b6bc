// Conditionals that nest to the right, 100,000 deep.
// expect: RangeError
exports.attack = () => eval('0?0:'.repeat(1e5) + '1')
