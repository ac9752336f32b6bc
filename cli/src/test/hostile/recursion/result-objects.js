// A result of objects nested 100,000 deep.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return a }
