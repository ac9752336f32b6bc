// Classes within each other, 10,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => typeof eval('(class{static x='.repeat(1e4) + '1' + '})'.repeat(1e4))
