// A regular expression that keeps ten million states to go back to.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => /(?:.|\n)*?z/.test('ab\n'.repeat(1e6))
