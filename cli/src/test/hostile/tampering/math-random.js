// Math.random is constant; other entropy stays as it is.
// expect: ok 4
// alone
exports.attack = () => { Math.random = () => 4; Math.imul = () => 0; return Math.random() }
exports.innocent = () => 'ok'
