// Iterators that wrap iterators, 30,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => { let a = [1].values(); for (let i = 0; i < 3e4; i++) a = Iterator.from({ next: a.next.bind(a) }); return a.next().value }
