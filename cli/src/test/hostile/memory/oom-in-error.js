// The error itself does not fit: a message of 32 MiB in a heap that is nearly full.
// expect: Error
// expect: abort
exports.attack = () => { const kept = []; try { for (;;) kept.push(new Uint8Array(1 << 18)) } catch {} kept.length -= 4; throw new Error('x'.repeat(400000)) }
