// require of what is no string.
// expect: ok ["TypeError"]
exports.attack = () => [1, null, undefined, {}, ['fs'], Symbol('fs'), { toString: () => 'fs' }].map(s => { try { require(s); return 'found' } catch (e) { return e.name } }).filter((n, i, all) => all.indexOf(n) === i)
