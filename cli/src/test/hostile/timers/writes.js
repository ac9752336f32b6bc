// A timer's turn that writes and then runs out of fuel: nothing was written.
// expect: ok "set"
// alone
// settle
exports.attack = () => { setTimeout(async () => { await System.files.writeFile('/innocent', 'x'); for (;;); }, 1); return 'set' }
exports.innocent = async () => { try { return await System.files.readFile('/innocent') } catch (e) { return 'ok' } }
