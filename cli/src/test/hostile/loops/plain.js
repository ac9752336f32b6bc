// Never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => { for (;;); }
