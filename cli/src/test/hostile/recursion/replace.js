// A replacement that replaces.
// expect: RangeError
exports.attack = () => { const f = () => 'a'.replace(/a/, f); return f() }
