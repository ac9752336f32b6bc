// Spreads within each other, 20,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => eval('['.repeat(2e4) + '...[1]' + ']'.repeat(2e4)).length
