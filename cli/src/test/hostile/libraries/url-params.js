// Search parameters without an end.
// expect: abort
// expect: trap fuel
// expect: InternalError
// expect: trap memory
exports.attack = () => { const p = new URLSearchParams('a=1&'.repeat(1e5)); for (;;) p.append('a', p.toString()) }
