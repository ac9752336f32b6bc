// An iterator that maps an iterator that maps, 30,000 deep: the interpreter does not watch this recursion.
// expect: trap memory
// expect: abort
exports.attack = () => { let a = [1].values(); for (let i = 0; i < 3e4; i++) a = a.map(x => x); return a.next().value }
