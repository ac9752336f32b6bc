// Reads and writes without an end.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = async () => { for (;;) { await System.files.writeFile('/x', 'y'); await System.files.readFile('/x') } }
