// An oracle that never ends.
// expect: Error
exports.attack = () => System.oracle(() => { for (;;); })
