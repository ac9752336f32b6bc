// Pads a text to 2^30 characters.
// expect: RangeError
exports.attack = () => 'x'.padEnd(2 ** 30).length
