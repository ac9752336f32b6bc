// Async generators that delegate 1,000 deep.
// expect: ok 45150
// expect: abort
// fuel: 200
exports.attack = async () => { const g = async function * (n) { if (n > 0) yield * g(n - 1); yield n }; let sum = 0; for await (const x of g(300)) sum += x; return sum }
