// NaN alone.
// expect: ok null
exports.attack = () => NaN
