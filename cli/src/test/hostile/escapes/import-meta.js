// What a module is told of where it is.
// expect: ok "SyntaxError"
exports.attack = () => { try { return Object.keys(eval('import.meta')) } catch (e) { return e.name } }
