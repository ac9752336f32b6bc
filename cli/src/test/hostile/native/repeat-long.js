// Repeats texts up to the memory limit, again and again.
// expect: abort
exports.attack = () => { for (;;) 'xy'.repeat(2 ** 23) }
