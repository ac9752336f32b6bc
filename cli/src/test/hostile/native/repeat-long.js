// Repeats texts up to the memory limit, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { for (;;) 'xy'.repeat(2 ** 23) }
