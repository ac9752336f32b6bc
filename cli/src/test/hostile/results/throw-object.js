// Throws an object that cannot be shown.
// expect: Error
exports.attack = () => { throw { get a () { throw 1 } } }
