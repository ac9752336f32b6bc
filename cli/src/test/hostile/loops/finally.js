// Goes on in finally after it was stopped.
// expect: trap fuel
// fuel: 4
exports.attack = () => { try { for (;;); } catch { for (;;); } finally { for (;;); } }
