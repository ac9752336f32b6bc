// Arrays of arrays until memory ends.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const a = []; for (;;) a.push(new Array(10000).fill(1)) }
