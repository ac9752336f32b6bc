// toString of the exports is no method.
// expect: MethodNotFoundError
// call: toString []
// alone
exports.innocent = () => 'ok'
