// Closures that keep buffers.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { let f = () => 1; for (;;) { const g = f; const b = new Uint8Array(100000); f = () => b[0] + g() } }
