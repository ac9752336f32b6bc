// Fills an array-like of 2^53 elements, all of them the same setter.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => [].fill.call(new Proxy({ length: 2 ** 53 - 1 }, { set: Boolean.bind(null, 1) }), 1)
