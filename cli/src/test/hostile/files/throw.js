// Writes, then throws: nothing was written.
// expect: Error
exports.attack = async () => { await System.files.writeFile('/innocent', 'x'); throw new Error('own') }
