// instanceof through 100,000 bound functions.
// expect: InternalError
// expect: trap memory
exports.attack = () => { let f = function () {}; for (let i = 0; i < 1e5; i++) f = f.bind(null); return ({}) instanceof f }
