// An oracle that asks for itself again at once, and never settles.
// expect: Error
// expect: TimeoutError
// expect: abort
exports.attack = () => System.oracle(() => new Promise(() => { const f = () => setImmediate(f); f() }))
