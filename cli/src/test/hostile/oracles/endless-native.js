// An oracle that loops natively.
// expect: abort
exports.attack = () => System.oracle(() => [].reverse.call({ length: 2 ** 53 - 1 }))
