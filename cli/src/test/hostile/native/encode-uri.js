// Encodes megabytes as URIs, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = '\u20ac'.repeat(1e6); for (;;) encodeURIComponent(s) }
