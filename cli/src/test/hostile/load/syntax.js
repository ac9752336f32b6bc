// Is no JavaScript.
// expect load: SyntaxError
exports.a = (
