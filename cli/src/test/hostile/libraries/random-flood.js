// Randomness without an end: each request of it is an input of the log.
// expect: abort
// expect: trap fuel
// fuel: 4
exports.attack = () => { for (;;) crypto.getRandomValues(new Uint8Array(65536)) }
