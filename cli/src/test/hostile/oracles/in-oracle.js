// An oracle in an oracle.
// expect: Error
exports.attack = () => System.oracle(() => System.oracle(() => 1))
