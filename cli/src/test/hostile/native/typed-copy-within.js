// Moves 16 MiB within itself, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const a = new Uint8Array(2 ** 24); for (;;) a.copyWithin(1, 0) }
