// Every global is deleted.
// expect: ok "own"
// alone
exports.attack = async () => { for (const k of Reflect.ownKeys(globalThis)) { try { delete globalThis[k] } catch {} } await null; return 'own' }
exports.innocent = async () => 'ok'
