// A timer whose function never ends, while the call waits for it.
// expect: trap fuel
// fuel: 4
exports.attack = () => new Promise(() => setTimeout(() => { for (;;); }, 1))
