// A text that doubles until memory ends.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { let s = 'x'; for (;;) s += s }
