// Error and its prototypes are the module's.
// expect: Error
// alone
exports.attack = () => { Error.stackTraceLimit = -5; Error.captureStackTrace = () => 'forged'; Object.defineProperty(Error.prototype, 'name', { get () { throw 1 } }); Object.defineProperty(Error.prototype, 'message', { get () { throw 1 } }); Object.defineProperty(Error, Symbol.hasInstance, { value: () => true }); throw new Error('own') }
exports.innocent = () => 'ok'
