// A generator that delegates to itself.
// expect: RangeError
exports.attack = () => { const g = function * () { yield * g() }; return g().next() }
