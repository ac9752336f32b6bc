// Exports that are frozen.
// expect: ok true
// alone
exports.attack = () => { exports.more = () => 1; return Object.isFrozen(exports) && exports.more === undefined }
exports.innocent = () => 'ok'
Object.freeze(exports)
