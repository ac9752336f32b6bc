// flat(Infinity) of an array nested 50,000 deep.
// expect: RangeError
// expect: abort
// fuel: 200
exports.attack = () => { let a = []; for (let i = 0; i < 5e4; i++) a = [a]; return a.flat(Infinity).length }
