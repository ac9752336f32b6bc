// A comparator that never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => [3, 1, 2].sort(() => { for (;;); })
