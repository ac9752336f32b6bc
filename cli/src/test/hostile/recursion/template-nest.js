// Templates within each other, 100,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => eval('`${'.repeat(1e5) + '1' + '}`'.repeat(1e5))
