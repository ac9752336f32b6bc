// Compiled functions until memory ends.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
// fuel: 200
exports.attack = () => { const a = []; const s = 'x=1;'.repeat(10000); for (let i = 0; ; i++) a.push(new Function(s + i)) }
