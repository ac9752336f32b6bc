// Getters that call each other.
// expect: RangeError
exports.attack = () => { const o = { get a () { return this.b }, get b () { return this.a } }; return o.a }
