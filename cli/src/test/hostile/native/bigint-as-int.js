// Cuts BigInts to 2^53 bits.
// expect: RangeError
// expect: abort
exports.attack = () => BigInt.asUintN(2 ** 53 - 1, -1n)
