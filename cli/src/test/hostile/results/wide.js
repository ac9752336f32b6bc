// An object with 100,000 members that are looked at by tag.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const o = {}; for (let i = 0; i < 1e5; i++) o['$' + i] = 1; return Object.keys(o).length === 1e5 ? o : 0 }
