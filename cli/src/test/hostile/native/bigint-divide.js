// Divides long BigInts.
// expect: abort
// watchdog: 100
exports.attack = () => { let n = (1n << 1000000n) - 1n; const d = (1n << 500000n) - 3n; for (;;) n = (n / d) * d + 12345n }
