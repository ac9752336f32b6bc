// Typed arrays until memory ends.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const a = []; for (;;) a.push(new Float64Array(1e5)) }
