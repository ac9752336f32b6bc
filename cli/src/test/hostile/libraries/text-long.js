// Encodes and decodes megabytes, again and again.
// expect: abort
exports.attack = () => { const e = new TextEncoder(); const d = new TextDecoder(); const s = '\u20ac'.repeat(1e6); for (;;) d.decode(e.encode(s)) }
