// Spreads within each other, 10,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => eval('['.repeat(1e4) + '...[1]' + ']'.repeat(1e4)).length
