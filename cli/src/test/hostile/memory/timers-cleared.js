// Timers that are cleared as soon as they are set, by the hundred thousand.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { for (;;) clearTimeout(setTimeout(() => {}, 1e6)) }
