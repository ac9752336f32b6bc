// A buffer that is transferred to ever larger ones.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { let b = new ArrayBuffer(8); for (;;) b = b.transfer(b.byteLength * 2) }
