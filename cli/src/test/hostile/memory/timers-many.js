// More timers than a module may have outstanding.
// expect: RangeError
// expect: abort
// fuel: 200
exports.attack = () => { for (let i = 0; i < 20000; i++) setTimeout(() => {}, 1e6) }
