// setImmediate that asks for itself again, while the call waits.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const f = () => setImmediate(f); f(); return new Promise(() => {}) }
