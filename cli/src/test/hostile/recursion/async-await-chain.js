// Async functions that wait for each other, 10,000 deep.
// expect: RangeError
exports.attack = async () => { const f = async n => n === 0 ? 0 : 1 + await f(n - 1); return f(10000) }
