// Format strings of a million directives.
// expect: trap fuel
// expect: abort
// fuel: 5
exports.attack = () => { console.log('%s%d%j%o%O%c%%'.repeat(1e5), { toString () { throw 1 } }); return 'shown' }
