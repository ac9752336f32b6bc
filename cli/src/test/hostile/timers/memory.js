// A timer's turn that fills memory.
// expect: ok "set"
// alone
// settle
exports.attack = () => { setTimeout(() => { const a = []; for (;;) a.push(new Uint8Array(1 << 20)) }, 1); return 'set' }
exports.innocent = () => 'ok'
