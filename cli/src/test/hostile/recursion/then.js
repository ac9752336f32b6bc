// A then that calls then.
// expect: RangeError
exports.attack = () => { const o = { then (f) { o.then(f) } }; return o }
