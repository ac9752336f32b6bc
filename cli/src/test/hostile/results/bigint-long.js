// A BigInt of a million bits.
// expect: RangeError
exports.attack = () => 1n << 1000000n
