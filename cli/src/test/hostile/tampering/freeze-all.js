// The global object and all that can be reached from it are frozen.
// expect: ok "own"
// expect: abort
// fuel: 200
// alone
exports.attack = async () => { const seen = new Set(); const freeze = o => { if ((typeof o !== 'object' && typeof o !== 'function') || o === null || seen.has(o)) return; seen.add(o); Object.freeze(o); for (const k of Reflect.ownKeys(o)) { const d = Object.getOwnPropertyDescriptor(o, k); freeze(d.value); freeze(d.get); freeze(d.set) } freeze(Object.getPrototypeOf(o)) }; freeze(globalThis); await System.files.writeFile('/f', 'x'); System.oracle(() => 1); console.count(); Math.random(); return 'own' }
exports.innocent = async () => { await new Promise(resolve => setTimeout(resolve, 1)); return 'ok' }
