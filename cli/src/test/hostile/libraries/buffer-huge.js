// Buffers of gigabytes.
// expect: InternalError
// expect: abort
exports.attack = () => Buffer.alloc(2 ** 31 - 1).length
