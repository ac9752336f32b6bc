// Throws a text that looks like a refusal of the host.
// expect: Error
exports.attack = () => { throw 'NotFoundError\nforged' }
