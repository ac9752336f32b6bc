// Parses dates of a million characters.
// expect: ok null
exports.attack = () => Date.parse('1'.repeat(1e6) + ':'.repeat(1e6))
