// Writes a BigInt of a million bits in decimal, which takes the square of its length.
// expect: abort
// watchdog: 100
exports.attack = () => ((1n << 1000000n) - 1n).toString().length
