// Fills the heap and throws it away.
// expect: ok true
// expect: abort
exports.attack = () => { let kept = []; try { for (;;) kept.push(new Uint8Array(1 << 20)) } catch { kept = kept.length; return kept > 10 } }
