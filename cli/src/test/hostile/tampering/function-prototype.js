// call, apply and bind are the module's.
// expect: ok 0
// alone
exports.attack = () => { const caught = []; for (const k of ['call', 'apply', 'bind', 'toString', Symbol.hasInstance]) { try { Object.defineProperty(Function.prototype, k, { value: function (...a) { caught.push(a); return 'forged' } }) } catch {} } System.oracle(() => 1); console.log('x'); return caught.length }
exports.innocent = () => 'ok'
