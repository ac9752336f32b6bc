// Fills the heap and keeps it: a call that leaves no room for its own answer is undone.
// expect: trap memory
// expect: abort
// then: ok 1
// alone
exports.attack = () => { globalThis.kept = []; try { for (;;) kept.push(new Uint8Array(1 << 20)) } catch { try { for (;;) kept.push(new Uint8Array(1 << 10)) } catch { try { for (;;) kept.push({}) } catch {} } } return 'full' }
exports.innocent = () => [1].map(x => x).length
