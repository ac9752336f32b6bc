// Arrow functions within each other, 100,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => typeof eval('x=>'.repeat(1e5) + '1')
