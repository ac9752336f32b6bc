// A regular expression that is quadratic, over a long text.
// expect: trap fuel
// fuel: 4
exports.attack = () => 'x'.repeat(1e6).match(/x*y/g)
