// Writes and reads megabytes as base64, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const a = new Uint8Array(2 ** 22); for (;;) Uint8Array.fromBase64(a.toBase64()) }
