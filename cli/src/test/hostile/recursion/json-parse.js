// JSON text nested 100,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))
