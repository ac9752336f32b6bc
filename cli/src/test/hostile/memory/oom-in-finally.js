// Runs out of memory while it handles that it has run out of memory.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const kept = []; const more = () => { try { for (;;) kept.push(new Uint8Array(1 << 20)) } finally { kept.push(new Uint8Array(1 << 20)) } }; more() }
