// An optional chain of 5,000 members.
// expect: ok "undefined"
// expect: abort
exports.attack = () => typeof eval('undefined' + '?.a'.repeat(5e3))
