// A comparator that sorts.
// expect: RangeError
exports.attack = () => { const f = () => [3, 2, 1].sort(f); return f() }
