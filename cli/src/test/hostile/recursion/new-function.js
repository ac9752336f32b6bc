// new Function that makes and calls the next one.
// expect: RangeError
// expect: abort
exports.attack = () => { const f = () => new Function('f', 'return f()')(f); return f() }
