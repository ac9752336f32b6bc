// A getter that throws while the result is taken.
// expect: RangeError
exports.attack = () => ({ get x () { throw new RangeError('while taken') } })
