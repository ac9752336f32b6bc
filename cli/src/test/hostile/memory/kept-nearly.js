// Fills the heap but for a little and keeps it: the module goes on with what is left.
// expect: ok true
// expect: abort
// then: ok 1
// alone
exports.attack = () => { globalThis.kept = []; try { for (;;) kept.push(new Uint8Array(1 << 16)) } catch {} kept.length -= 4; return kept.length > 10 }
exports.innocent = () => [1].map(x => x).length
