// An oracle that fills memory.
// expect: InternalError
// expect: abort
exports.attack = () => System.oracle(() => { const a = []; for (;;) a.push(new Uint8Array(1 << 20)) })
