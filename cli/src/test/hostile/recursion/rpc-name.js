// The name of an error is a getter that never stops calling itself.
// expect: Error
exports.attack = () => { const e = new Error('x'); Object.defineProperty(e, 'name', { get () { return this.name } }); throw e }
