// Shared memory that grows.
// expect: TypeError
exports.attack = () => { const b = new SharedArrayBuffer(8, { maxByteLength: 2 ** 30 }); for (let n = 8; ; n *= 2) b.grow(n) }
