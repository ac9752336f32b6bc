// Exports that are replaced while the module runs.
// expect: ok "replaced"
// then: ok "new"
// alone
exports.attack = () => { module.exports = { innocent: () => 'new' }; return 'replaced' }
exports.innocent = () => 'old'
