// Patterns with defaults that destructure, in a function that calls itself.
// expect: RangeError
exports.attack = () => { const f = ({ a = f({}) } = {}) => a; return f() }
