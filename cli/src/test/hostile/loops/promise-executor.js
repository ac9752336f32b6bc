// The executor of a promise never ends; the interpreter makes a rejection of what is thrown there.
// expect: trap fuel
// fuel: 4
exports.attack = () => { for (;;) new Promise(() => { for (;;); }) }
