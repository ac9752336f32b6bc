// A name of 40,000 characters.
// expect: refused
// call: #40000 []
// alone
exports.innocent = () => 'ok'
