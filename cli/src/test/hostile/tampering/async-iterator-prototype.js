// The prototypes of generators and async functions are the module's.
// expect: ok "own"
// alone
exports.attack = async () => { const p = Object.getPrototypeOf(async function () {}); const g = Object.getPrototypeOf(function * () {}); for (const o of [p, g, g.prototype]) for (const k of Reflect.ownKeys(o)) { try { Object.defineProperty(o, k, { value: () => 'forged', configurable: true }) } catch {} } await null; return 'own' }
exports.innocent = async () => { await null; return 'ok' }
