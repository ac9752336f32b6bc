// A chain of 20,000 calls, evaluated.
// expect: ok "function"
// expect: abort
exports.attack = () => { const f = () => f; globalThis.chained = f; try { return typeof eval('chained' + '()'.repeat(2e4)) } finally { delete globalThis.chained } }
