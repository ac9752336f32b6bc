// An oracle that throws undefined.
// expect: Error
exports.attack = () => System.oracle(() => { throw undefined })
