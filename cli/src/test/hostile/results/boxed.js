// Boxed values.
// expect: TypeError
exports.attack = () => [Object('s'), Object(1), Object(true), Object(1n)]
