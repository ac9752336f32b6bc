// A Symbol.species constructor that never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => { const a = [1]; a.constructor = { get [Symbol.species] () { for (;;); } }; return a.map(x => x) }
