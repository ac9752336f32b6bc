// Runs out of memory in a promise job.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = async () => { const kept = []; await null; for (;;) kept.push(new Uint8Array(1 << 20)) }
