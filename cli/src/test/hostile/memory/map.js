// A map that grows until memory ends.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const m = new Map(); for (let i = 0; ; i++) m.set(i, 'x'.repeat(1e5) + i) }
