// Promise jobs that hold buffers.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { for (;;) { const b = new Uint8Array(1e5); Promise.resolve().then(() => b) } }
