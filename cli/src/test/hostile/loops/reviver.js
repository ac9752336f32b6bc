// A reviver that never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => JSON.parse('[1]', () => { for (;;); })
