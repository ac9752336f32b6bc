// The return of iterators 30,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => { let a = [1].values(); for (let i = 0; i < 3e4; i++) a = a.filter(x => x); a.return(); return 1 }
