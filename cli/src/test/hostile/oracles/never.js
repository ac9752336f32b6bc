// An oracle that never settles.
// expect: Error
exports.attack = () => System.oracle(() => new Promise(() => {}))
