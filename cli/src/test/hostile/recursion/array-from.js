// Array.from whose function calls it.
// expect: RangeError
exports.attack = () => { const f = () => Array.from([1], f); return f() }
