// An optional chain of 20,000 members.
// expect: ok "undefined"
// expect: abort
exports.attack = () => typeof eval('undefined' + '?.a'.repeat(2e4))
