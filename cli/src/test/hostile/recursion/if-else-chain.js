// if … else if, 100,000 long.
// expect: RangeError
exports.attack = () => eval('if(0);else '.repeat(1e5) + '1')
