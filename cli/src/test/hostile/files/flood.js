// Reads and writes without an end.
// expect: trap fuel
// expect: abort
exports.attack = async () => { for (;;) { await System.files.writeFile('/x', 'y'); await System.files.readFile('/x') } }
