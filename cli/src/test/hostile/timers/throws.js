// A timer's turn that throws.
// expect: ok "set"
// alone
// settle
exports.attack = () => { setTimeout(() => { throw new Error('in a timer') }, 1); return 'set' }
exports.innocent = () => 'ok'
