// Files that are over the limit together.
// expect: QuotaExceededError
// expect: abort
// fuel: 4000
exports.attack = async () => { const b = new Uint8Array(8 << 20); for (let i = 0; i < 10; i++) { b[0] = i; await System.files.writeFile('/b' + i, b) } }
