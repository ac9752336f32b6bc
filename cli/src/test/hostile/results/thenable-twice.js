// A thenable that resolves twice and then throws.
// expect: ok 1
exports.attack = () => ({ then (resolve) { resolve(1); resolve(2); throw new Error('late') } })
