// hasOwnProperty of the exports is no method.
// expect: MethodNotFoundError
// call: hasOwnProperty ["innocent"]
// alone
exports.innocent = () => 'ok'
