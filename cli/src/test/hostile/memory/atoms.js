// Property names, which the interpreter keeps in one table.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const o = {}; for (let i = 0; ; i++) o['k'.repeat(1e5) + i] = 1 }
