// A result that is a thenable, and resolves to bytes.
// expect: ok {"n":{"$bigint":"1"}}
exports.attack = () => ({ then: resolve => resolve({ n: 1n }) })
