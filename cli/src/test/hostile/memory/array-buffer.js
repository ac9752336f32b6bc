// One buffer of 2^53 bytes.
// expect: RangeError
exports.attack = () => new ArrayBuffer(2 ** 53 - 1)
