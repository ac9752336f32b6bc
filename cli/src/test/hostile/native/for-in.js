// Lists the properties of an object with a prototype chain of wide objects.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let o = null; for (let i = 0; i < 300; i++) { o = Object.create(o); for (let k = 0; k < 300; k++) o['k' + i + '_' + k] = 1 } for (;;) for (const k in o) k.length }
