// queueMicrotask that queues itself.
// expect: trap fuel
// fuel: 4
exports.attack = () => { const f = () => queueMicrotask(f); f(); return new Promise(() => {}) }
