// eval that evaluates itself.
// expect: RangeError
exports.attack = () => { globalThis.again = () => eval('again()'); try { return again() } finally { delete globalThis.again } }
