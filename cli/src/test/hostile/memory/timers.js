// Timers that hold buffers.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { for (;;) setTimeout(() => {}, 1e6, new Uint8Array(1e5)) }
