// A method called default beside a module that is a function.
// expect: ok "the member"
// call: default []
// alone
module.exports = () => 'the module'
module.exports.default = () => 'the member'
module.exports.innocent = () => 'ok'
