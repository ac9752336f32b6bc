// Symbols of the registry, which are never collected.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { for (let i = 0; ; i++) Symbol.for('s'.repeat(1e5) + i) }
