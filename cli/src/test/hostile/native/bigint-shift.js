// Shifts a BigInt to 2^40 bits.
// expect: RangeError
exports.attack = () => 1n << (1n << 40n)
