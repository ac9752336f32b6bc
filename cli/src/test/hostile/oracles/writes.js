// An oracle that writes files.
// expect: OutsideError
exports.attack = () => System.oracle(() => System.files.writeFile('/innocent', 'x'))
