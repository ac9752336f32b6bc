// A then that is a getter and throws.
// expect: RangeError
exports.attack = () => ({ get then () { throw new RangeError('no then') } })
