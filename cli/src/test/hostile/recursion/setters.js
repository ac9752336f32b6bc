// A setter that sets itself.
// expect: RangeError
exports.attack = () => { const o = { set x (v) { this.x = v } }; o.x = 1 }
