// Moves 16 MiB within itself, again and again.
// expect: abort
exports.attack = () => { const a = new Uint8Array(2 ** 24); for (;;) a.copyWithin(1, 0) }
