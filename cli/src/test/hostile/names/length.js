// A method whose length is a getter that never ends, at load.
// expect load: fuel
// alone
exports.attack = Object.defineProperty(() => 1, 'length', { get () { for (;;); } })
