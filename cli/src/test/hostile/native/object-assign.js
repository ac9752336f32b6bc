// Spreads a wide object into itself, again and again.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; for (;;) o = { ...o } }
