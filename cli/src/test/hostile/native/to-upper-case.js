// Upper-cases long texts, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = '\u0149'.repeat(1e6); for (;;) s.toUpperCase() }
