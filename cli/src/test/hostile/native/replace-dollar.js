// A replacement that inserts the whole text many times.
// expect: abort
// watchdog: 100
exports.attack = () => 'x'.repeat(1e5).replace(/x/g, "$`$'$&".repeat(100)).length
