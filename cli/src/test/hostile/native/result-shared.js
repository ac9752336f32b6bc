// A result that holds itself twice, 40 deep.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { let o = {}; for (let i = 0; i < 40; i++) o = [o, o]; return o }
