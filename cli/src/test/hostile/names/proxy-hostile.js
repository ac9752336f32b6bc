// Exports that are a proxy which throws at every look.
// expect: Error
// then: Error
// call: innocent []
// alone
module.exports = new Proxy({}, { get () { throw new Error('no look') }, ownKeys: () => [] })
let looks = 0
module.exports = new Proxy({ innocent: () => 'ok' }, { ownKeys () { if (looks++ > 0) throw new Error('no look'); return [] } })
