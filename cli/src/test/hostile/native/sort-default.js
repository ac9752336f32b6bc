// Sorts texts that are equal for a long way.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = 'x'.repeat(1e5); const a = []; for (let i = 0; i < 100; i++) a.push(s + i); for (;;) a.slice().sort() }
