// A buffer that may grow to 2^40 bytes, and does.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const b = new ArrayBuffer(8, { maxByteLength: 2 ** 30 }); for (let n = 8; ; n *= 2) b.resize(n) }
