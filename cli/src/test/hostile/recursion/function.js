// A function that calls itself.
// expect: RangeError
exports.attack = () => { const f = () => f() + 1; return f() }
