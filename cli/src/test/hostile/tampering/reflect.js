// Reflect, Object and Proxy are the module's.
// expect: ok "own"
// alone
exports.attack = () => { for (const o of [globalThis.Reflect, globalThis.Object]) for (const k of Object.getOwnPropertyNames(o)) { try { if (k !== 'prototype') o[k] = () => 'forged' } catch {} } return 'own' }
exports.innocent = () => 'ok'
