// Map, Set and their iterators do nothing any more.
// expect: ok "own"
// alone
exports.attack = () => { for (const C of [Map, Set, WeakMap, WeakSet]) for (const k of Reflect.ownKeys(C.prototype)) { try { C.prototype[k] = () => { throw new Error('forged') } } catch {} } globalThis.Map = globalThis.Set = null; console.log(new WeakMap(), [1], { a: 1 }); return 'own' }
exports.innocent = () => 'ok'
