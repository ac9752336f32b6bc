// An expression that groups to the right, 100,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => eval('1' + '**1'.repeat(1e5))
