// An expression of 100,000 terms, evaluated.
// expect: ok 100001
// expect: abort
exports.attack = () => eval('1' + '+1'.repeat(1e5))
