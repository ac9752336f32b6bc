// An oracle that throws a proxy.
// expect: Error
exports.attack = () => System.oracle(() => { throw new Proxy({}, { get () { throw 1 } }) })
