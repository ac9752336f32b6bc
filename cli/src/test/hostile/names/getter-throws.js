// An export that is a getter and throws: it takes every method with it.
// expect: ok "set"
// then: RangeError
// alone
exports.innocent = () => 'ok'
exports.attack = () => { Object.defineProperty(exports, 'other', { get () { throw new RangeError('no look') }, enumerable: true }); return 'set' }
