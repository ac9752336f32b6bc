// Iterators that drop from each other, 30,000 deep.
// expect: trap memory
// expect: abort
exports.attack = () => { let a = [1, 2].values(); for (let i = 0; i < 3e4; i++) a = a.drop(0).take(5); return a.next().value }
