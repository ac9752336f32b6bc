// Awaits for ever: each turn of the loop is a promise job.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = async () => { for (;;) await null }
