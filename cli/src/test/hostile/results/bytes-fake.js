// An object that says it is a Uint8Array.
// expect: ok {}
exports.attack = () => Object.create(Uint8Array.prototype)
