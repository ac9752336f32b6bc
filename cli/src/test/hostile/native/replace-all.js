// Replaces each of a million characters by a million.
// expect: abort
// watchdog: 100
exports.attack = () => 'x'.repeat(1e6).replaceAll('x', 'y'.repeat(1e6)).length
