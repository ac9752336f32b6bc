// A power of more digits than memory holds.
// expect: RangeError
// expect: abort
exports.attack = () => 3n ** (2n ** 30n)
