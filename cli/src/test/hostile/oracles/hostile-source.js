// A function whose source is a megabyte.
// expect: ok "answered"
// expect: abort
exports.attack = () => System.oracle(eval('() => {' + ';'.repeat(1e6) + '}')) ?? 'answered'
