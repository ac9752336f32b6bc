// Bytes whose buffer is gone.
// expect: TypeError
exports.attack = () => { const b = new Uint8Array(8); b.buffer.transfer(); return b }
