// The function of replace never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => 'a'.replace(/a/, () => { for (;;); })
