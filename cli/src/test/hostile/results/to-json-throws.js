// A toJSON that throws something that is no error.
// expect: Error
exports.attack = () => ({ toJSON () { throw { toString () { throw 1 } } } })
