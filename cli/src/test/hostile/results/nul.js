// NUL and control characters.
// expect: ok
exports.attack = () => 'a\u0000b\u001b[2J\u2028'
