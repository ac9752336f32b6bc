// A value nested 10,000 deep is shown on the console.
// expect: ok "shown"
// expect: trap fuel
// expect: abort
// fuel: 200
exports.attack = () => { let a = []; for (let i = 0; i < 1e4; i++) a = { a }; console.log(a); console.dir(a, { depth: null }); return 'shown' }
