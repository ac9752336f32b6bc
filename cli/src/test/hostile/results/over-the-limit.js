// A result of more bytes than the limit.
// expect: RangeError
// expect: abort
exports.attack = () => 'x'.repeat(5e6)
