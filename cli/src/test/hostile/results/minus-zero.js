// Minus zero alone.
// expect: ok 0
exports.attack = () => -0
