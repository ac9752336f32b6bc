// An export that is a getter and never ends.
// expect: ok "set"
// then: trap fuel
// alone
exports.innocent = () => 'ok'
exports.attack = () => { Object.defineProperty(exports, 'other', { get () { for (;;); }, enumerable: true }); return 'set' }
