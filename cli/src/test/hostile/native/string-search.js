// Looks for a text that almost matches everywhere, which takes the product of both lengths.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = 'a'.repeat(4e6); return s.indexOf('a'.repeat(2e6) + 'b') }
