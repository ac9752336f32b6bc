// Throws what cannot be shown while it loads.
// expect load: Error
throw new Proxy({}, { get () { throw 1 }, getPrototypeOf () { throw 1 } })
