// Looks through 16 MiB, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const a = new Uint8Array(2 ** 24); for (;;) a.indexOf(1) }
