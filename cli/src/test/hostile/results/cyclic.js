// An object that holds itself.
// expect: TypeError
exports.attack = () => { const o = {}; o.o = o; return o }
