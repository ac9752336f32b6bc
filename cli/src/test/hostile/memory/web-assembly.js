// A memory of WebAssembly's own, beside the guest's.
// expect: ReferenceError
exports.attack = () => new WebAssembly.Memory({ initial: 60000 })
