// Texts joined without being flattened.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let s = 'x'.repeat(1e6); const a = []; for (;;) { s = s + a.length; a.push(s) } }
