// Classes within each other, 2,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => typeof eval('(class{static x='.repeat(2e3) + '1' + '})'.repeat(2e3))
