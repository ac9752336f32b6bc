// Atomics.wait on shared memory: blocks a thread where it exists.
// expect: ReferenceError
exports.attack = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
