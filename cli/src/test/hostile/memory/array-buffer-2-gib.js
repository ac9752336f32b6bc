// One buffer of nearly 2 GiB.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => new ArrayBuffer(2 ** 31 - 1)
