// A Symbol.toPrimitive that needs itself.
// expect: RangeError
exports.attack = () => { const o = { [Symbol.toPrimitive] () { return +this } }; return +o }
