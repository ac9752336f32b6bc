// A chain of 100,000 calls, evaluated.
// expect: ok "function"
// expect: abort
exports.attack = () => { const f = () => f; globalThis.chained = f; try { return typeof eval('chained' + '()'.repeat(1e5)) } finally { delete globalThis.chained } }
