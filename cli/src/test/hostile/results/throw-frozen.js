// Throws a frozen error with symbols for name and message.
// expect: Symbol(n)
exports.attack = () => { const e = new Error('x'); e.name = Symbol('n'); Object.defineProperty(e, 'message', { value: Symbol('m') }); throw Object.freeze(e) }
