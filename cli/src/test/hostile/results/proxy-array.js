// A proxy of an array that claims two billion elements.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 31 : k === 'then' || k === 'toJSON' ? undefined : 1 })
