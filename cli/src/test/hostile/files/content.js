// A file over the limit.
// expect: trap fuel
exports.attack = () => System.files.writeFile('/big', new Uint8Array(9 << 20))
