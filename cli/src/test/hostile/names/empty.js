// The empty name.
// expect: refused
// call:  []
// alone
exports.innocent = () => 'ok'
