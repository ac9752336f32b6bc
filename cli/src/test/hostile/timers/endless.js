// A timer's turn that never ends.
// expect: ok "set"
// expect: abort
// alone
// settle
exports.attack = () => { setTimeout(() => { for (;;); }, 1); return 'set' }
exports.innocent = () => 'ok'
