// A function inside the result.
// expect: TypeError
exports.attack = () => ({ a: [() => 1] })
