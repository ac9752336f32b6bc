// Reads a BigInt of a million digits.
// expect: RangeError
exports.attack = () => BigInt('7'.repeat(1e6)) > 0n
