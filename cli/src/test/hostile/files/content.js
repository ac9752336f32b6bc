// A file over the limit.
// expect: trap fuel
// fuel: 4
exports.attack = () => System.files.writeFile('/big', new Uint8Array(9 << 20))
