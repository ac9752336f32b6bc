// Throws a proxy of an error whose every look throws.
// expect: Error
exports.attack = () => { throw new Proxy(new Error('x'), { get () { throw 1 }, getPrototypeOf () { throw 1 } }) }
