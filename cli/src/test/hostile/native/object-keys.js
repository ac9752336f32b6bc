// Asks for the keys of a typed array of 16 million elements.
// expect: InternalError
// expect: trap memory
exports.attack = () => Object.keys(new Uint8Array(2 ** 24)).length
