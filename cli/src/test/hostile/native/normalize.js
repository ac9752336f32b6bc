// Normalizes a long text of combining characters, whose order must be found.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = ('a' + '\u0315\u0300'.repeat(100000)).normalize('NFD'); return s.length }
