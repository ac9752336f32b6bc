// An interval of a millisecond that does all it can.
// expect: ok "set"
// alone
// settle
exports.attack = () => { setInterval(() => { let n = 0; for (let i = 0; i < 1e3; i++) n += i }, 1); return 'set' }
exports.innocent = () => 'ok'
