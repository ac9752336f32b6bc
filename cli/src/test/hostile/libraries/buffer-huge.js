// Buffers of gigabytes.
// expect: InternalError
// expect: trap memory
// expect: abort
exports.attack = () => Buffer.alloc(2 ** 31 - 1).length
