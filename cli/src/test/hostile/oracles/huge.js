// An oracle that answers more than the limit.
// expect: RangeError
// expect: abort
exports.attack = () => System.oracle(() => 'x'.repeat(5e6))
