// WebAssembly, with which native code could be written.
// expect: ok "undefined"
exports.attack = () => typeof WebAssembly
