// A wide object, a wide array, a wide map and a wide table.
// expect: trap fuel
// expect: abort
// fuel: 5
exports.attack = () => { const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; console.log(o, Object.keys(o), new Map(Object.entries(o))); console.table(o); return 'shown' }
