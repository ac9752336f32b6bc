// Writes a wide object as JSON, again and again.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; for (;;) JSON.stringify(o) }
