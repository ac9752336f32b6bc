// Copies megabytes between typed arrays, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const a = new Uint8Array(2 ** 24); const b = new Float64Array(2 ** 21); for (;;) { a.set(b); b.set(a.subarray(0, 2 ** 21)) } }
