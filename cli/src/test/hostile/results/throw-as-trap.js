// Throws an error that calls itself a trap.
// expect: trap
exports.attack = () => { const e = new Error('fuel'); e.name = 'trap'; throw e }
