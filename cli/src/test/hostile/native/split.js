// Splits a text into characters, again and again.
// expect: abort
exports.attack = () => { const s = 'x'.repeat(1e6); for (;;) s.split('') }
