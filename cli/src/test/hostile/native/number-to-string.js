// Writes numbers with a hundred digits, again and again.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { for (;;) (5e-324).toPrecision(100) }
