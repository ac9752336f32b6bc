// Looks for a value in 2^53 holes: native code without an interrupt poll.
// expect: trap fuel
// fuel: 4
exports.attack = () => [].indexOf.call({ length: 2 ** 53 - 1 }, 1)
