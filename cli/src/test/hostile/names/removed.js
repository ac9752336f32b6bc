// Exports that are deleted while the module runs.
// expect: ok "removed"
// then: MethodNotFoundError
// alone
exports.attack = () => { delete exports.innocent; return 'removed' }
exports.innocent = () => 'ok'
