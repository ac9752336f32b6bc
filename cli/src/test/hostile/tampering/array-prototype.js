// Setters on Array.prototype catch what is stored in arrays.
// expect: ok "own"
// alone
exports.attack = () => { const seen = []; for (let i = 0; i < 20; i++) Object.defineProperty(Array.prototype, i, { get: () => 'forged', set (v) { seen.length += 0 }, configurable: true }); for (const k of ['push', 'join', 'map', 'slice', 'concat', 'sort', Symbol.iterator]) Array.prototype[k] = () => 'forged'; setTimeout(() => {}, 1e6); return 'own' }
exports.innocent = x => 'ok'
