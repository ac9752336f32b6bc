// The constructor of the exports is no method.
// expect: MethodNotFoundError
// call: constructor []
// alone
exports.innocent = () => 'ok'
