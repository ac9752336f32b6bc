// An optional chain of 100,000 members.
// expect: ok "undefined"
// expect: abort
exports.attack = () => typeof eval('undefined' + '?.a'.repeat(1e5))
