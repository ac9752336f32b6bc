// An oracle that fills memory.
// expect: InternalError
// expect: trap memory
// expect: abort
exports.attack = () => System.oracle(() => { const a = []; for (;;) a.push(new Uint8Array(1 << 20)) })
