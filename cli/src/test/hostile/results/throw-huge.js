// Throws an error with a message of a million characters.
// expect: Error
// expect: abort
exports.attack = () => { throw new Error('x'.repeat(1e6)) }
