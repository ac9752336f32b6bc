// Repeats a text 2^30 times.
// expect: RangeError
exports.attack = () => 'xy'.repeat(2 ** 30).length
