// A prototype chain of 100,000 objects.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let p = null; for (let i = 0; i < 1e5; i++) p = Object.create(p); return p.x === undefined }
