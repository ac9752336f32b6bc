// Throws undefined.
// expect: Error
exports.attack = () => { throw undefined }
