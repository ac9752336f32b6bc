// 1,000 timers that are due at once.
// expect: ok "set"
// alone
// settle
exports.attack = () => { for (let i = 0; i < 1000; i++) setTimeout(() => {}, 1); return 'set' }
exports.innocent = () => 'ok'
