// The host's environment and arguments.
// expect: ReferenceError
exports.attack = () => { try { return process.env } catch (e) { throw e } }
