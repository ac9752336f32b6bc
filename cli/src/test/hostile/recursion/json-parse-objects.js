// JSON objects nested 100,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => JSON.parse('{"a":'.repeat(1e5) + '1' + '}'.repeat(1e5))
