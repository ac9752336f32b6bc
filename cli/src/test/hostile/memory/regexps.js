// Compiled regular expressions until memory ends.
// expect: SyntaxError
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
// fuel: 4
exports.attack = () => { const a = []; for (;;) a.push(new RegExp('(?:abcdefgh|ijklmnop){1,9}'.repeat(1000))) }
