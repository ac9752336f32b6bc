// An export that is a getter and never ends: other methods are called without looking at it.
// expect: ok "set"
// alone
exports.innocent = () => 'ok'
exports.attack = () => { Object.defineProperty(exports, 'other', { get () { for (;;); }, enumerable: true }); return 'set' }
