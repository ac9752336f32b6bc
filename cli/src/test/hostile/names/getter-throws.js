// An export that is a getter and throws: other methods are called without looking at it.
// expect: ok "set"
// alone
exports.innocent = () => 'ok'
exports.attack = () => { Object.defineProperty(exports, 'other', { get () { throw new RangeError('no look') }, enumerable: true }); return 'set' }
