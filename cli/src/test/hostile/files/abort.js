// Writes, then loops natively: nothing was written.
// expect: abort
exports.attack = async () => { await System.files.writeFile('/innocent', 'x'); [].reverse.call({ length: 2 ** 53 - 1 }) }
