// A reviver that parses again.
// expect: RangeError
exports.attack = () => { const f = () => JSON.parse('[1]', f); return f() }
