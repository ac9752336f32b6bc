// An async generator that never ends is abandoned again and again.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const f = async function * () { try { yield 1 } finally { for (;;); } }; const g = f(); g.next(); return g.return() }
