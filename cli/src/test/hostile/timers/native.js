// A timer's turn that loops natively: the watchdog ends it, and drops the timer.
// expect: ok "set"
// alone
// settle
exports.attack = () => { setTimeout(() => [].reverse.call({ length: 2 ** 53 - 1 }), 1); return 'set' }
exports.innocent = () => 'ok'
