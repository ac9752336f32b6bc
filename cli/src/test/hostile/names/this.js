// A method that changes what it was found on, through this.
// expect: ok true
// then: ok "changed"
// alone
exports.attack = function () { this.innocent = () => 'changed'; return this === module.exports }
exports.innocent = () => 'ok'
