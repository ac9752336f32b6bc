// Squares a BigInt again and again.
// expect: RangeError
// expect: abort
exports.attack = () => { let n = 3n; for (;;) n *= n }
