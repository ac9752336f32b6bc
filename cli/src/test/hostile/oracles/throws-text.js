// An oracle that throws what is no error.
// expect: Error
exports.attack = () => System.oracle(() => { throw 'text\nof two lines' })
