// Lines without an end.
// expect: trap fuel
// fuel: 5
exports.attack = () => { for (;;) console.log('') }
