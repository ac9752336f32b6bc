// Encodes megabytes as URIs, again and again.
// expect: abort
exports.attack = () => { const s = '\u20ac'.repeat(1e6); for (;;) encodeURIComponent(s) }
