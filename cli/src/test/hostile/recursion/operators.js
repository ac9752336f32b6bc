// 100,000 operators before one operand, evaluated.
// expect: RangeError
exports.attack = () => eval('-~'.repeat(1e5) + '1')
