// An export that is a class cannot be called without new.
// expect: TypeError
// alone
exports.attack = class { constructor () { for (;;); } }
exports.innocent = () => 'ok'
