// Clones a wide object, again and again.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const o = []; for (let i = 0; i < 1e5; i++) o.push({ i }); for (;;) structuredClone(o) }
