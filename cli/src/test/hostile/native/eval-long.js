// Compiles a program of a megabyte, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = 'x=1;'.repeat(250000); for (;;) eval(s) }
