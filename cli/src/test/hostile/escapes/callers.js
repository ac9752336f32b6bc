// arguments.callee.caller, and the caller of functions that the host calls.
// expect: ok ["undefined","undefined","undefined","undefined"]
exports.attack = function () { const got = []; for (const f of [() => arguments.callee.caller, () => exports.attack.caller, () => exports.attack.arguments, () => [].map.call([1], function f () { return f.caller })[0]]) { try { got.push(typeof f()) } catch (e) { got.push(e.name) } } return got }
