// Reflect.apply that applies itself.
// expect: RangeError
exports.attack = () => { const f = () => Reflect.apply(f, null, []); return f() }
