// A toString that needs itself.
// expect: RangeError
exports.attack = () => { const o = { toString () { return '' + this } }; return '' + o }
