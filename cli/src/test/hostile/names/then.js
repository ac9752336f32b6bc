// A method called then: importing the module must not call it.
// expect: ok 2
// call: then [1]
// alone
exports.then = x => x + 1
exports.innocent = () => 'ok'
