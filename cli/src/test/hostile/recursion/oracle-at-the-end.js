// Runs an oracle that recurses, from deep within recursion.
// expect: ok "RangeError"
exports.attack = () => { const f = n => n > 0 ? f(n - 1) : System.oracle(() => { const g = () => g(); try { g() } catch (e) { return e.name } }); return f(1000) }
