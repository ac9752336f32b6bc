// An expression of 20,000 terms, evaluated.
// expect: ok 20001
// expect: abort
exports.attack = () => eval('1' + '+1'.repeat(2e4))
