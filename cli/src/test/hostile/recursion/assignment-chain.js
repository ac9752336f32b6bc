// Assignments that nest to the right, 100,000 deep.
// expect: RangeError
exports.attack = () => eval('var a;' + 'a='.repeat(1e5) + '1')
