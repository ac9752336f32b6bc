// Exports that are no object.
// expect: MethodNotFoundError
// then: MethodNotFoundError
// alone
module.exports = 'text'
