// The result does not fit into what is left.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const kept = []; try { for (;;) kept.push('x'.repeat(1 << 18) + kept.length) } catch {} return kept }
