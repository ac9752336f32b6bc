// Exports that are a proxy which throws at every look once it is called.
// expect: ok "set"
// then: Error
// alone
let armed = false
const traps = new Proxy({}, { get () { if (armed) throw new Error('no look') } })
module.exports = new Proxy({ innocent: () => 'ok', attack () { armed = true; return 'set' } }, traps)
