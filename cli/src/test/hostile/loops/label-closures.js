// A loop that does nothing but throw and catch.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { for (;;) try { throw 1 } catch { continue } }
