// Writes a BigInt of a million bits in decimal, which takes the square of its length.
// expect: abort
exports.attack = () => ((1n << 1000000n) - 1n).toString().length
