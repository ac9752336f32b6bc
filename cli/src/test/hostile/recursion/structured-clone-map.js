// structuredClone of maps nested 100,000 deep.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let a = new Map(); for (let i = 0; i < 1e5; i++) a = new Map([[1, a]]); structuredClone(a); return 'cloned' }
