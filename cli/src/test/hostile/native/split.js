// Splits a text into characters, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = 'x'.repeat(1e6); for (;;) s.split('') }
