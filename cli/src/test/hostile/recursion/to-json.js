// A toJSON that writes itself.
// expect: RangeError
exports.attack = () => { const o = { toJSON () { return JSON.stringify(o) } }; return o }
