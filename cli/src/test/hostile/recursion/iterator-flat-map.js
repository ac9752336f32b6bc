// Iterators that flat-map each other, 30,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => { let a = [1].values(); for (let i = 0; i < 3e4; i++) { const b = a; a = [1].values().flatMap(() => b) } return a.next().value }
