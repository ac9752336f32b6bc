// A then that is there only the second time it is looked up.
// expect: TypeError
exports.attack = () => { let n = 0; return { get then () { return n++ === 0 ? undefined : () => { throw new Error('looked up twice') } } } }
