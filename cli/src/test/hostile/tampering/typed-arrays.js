// Typed arrays and their getters are the module's.
// expect: ok "own"
// alone
exports.attack = async () => { const T = Object.getPrototypeOf(Uint8Array.prototype); for (const k of Reflect.ownKeys(T)) { try { Object.defineProperty(T, k, { value: () => 'forged', configurable: true }) } catch {} } Object.defineProperty(Uint8Array, Symbol.hasInstance, { value: () => true }); Uint8Array.fromBase64 = () => 'forged'; globalThis.Uint8Array = globalThis.ArrayBuffer = null; await System.files.writeFile('/f', 'x'); return 'own' }
exports.innocent = () => 'ok'
