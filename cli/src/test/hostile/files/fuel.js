// Writes, then runs out of fuel: nothing was written.
// expect: trap fuel
exports.attack = async () => { await System.files.writeFile('/innocent', 'x'); for (;;); }
