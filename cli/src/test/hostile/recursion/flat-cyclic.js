// flat(Infinity) of an array that holds itself.
// expect: RangeError
exports.attack = () => { const a = []; a.push(a, a); return a.flat(Infinity).length }
