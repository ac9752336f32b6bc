// An iterator without an end, spread.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => [...{ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }].length
