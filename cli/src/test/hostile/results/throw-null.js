// Throws null.
// expect: Error
exports.attack = () => { throw null }
