// Throws an error with a name of a million characters, NUL and half a surrogate pair.
// expect: an error
exports.attack = () => { const e = new Error('\ud800'); e.name = '\u0000\udc00' + 'n'.repeat(1e6); throw e }
