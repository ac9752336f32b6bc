// A toString that never ends, called by the language.
// expect: trap fuel
// fuel: 4
exports.attack = () => `${{ toString () { for (;;); } }}`
