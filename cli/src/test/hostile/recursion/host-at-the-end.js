// Calls the host from the very end of the stack.
// expect: RangeError
// expect: abort
exports.attack = () => { const f = () => { try { f() } catch (e) { Math.random(); System.oracle(() => 1); throw e } }; return f() }
