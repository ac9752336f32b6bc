// An array nested 100,000 deep, written as JSON.
// expect: RangeError
// expect: trap fuel
// expect: abort
exports.attack = () => { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return JSON.stringify(a).length }
