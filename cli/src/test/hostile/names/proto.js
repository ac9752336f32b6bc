// A method called __proto__ that was never exported.
// expect: MethodNotFoundError
// call: __proto__ []
// alone
exports.innocent = () => 'ok'
