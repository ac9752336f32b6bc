// Compares long texts of combining characters by locale.
// expect: abort
// watchdog: 100
exports.attack = () => ('a' + '\u0315\u0300'.repeat(100000)).localeCompare('a' + '\u0300\u0315'.repeat(100000))
