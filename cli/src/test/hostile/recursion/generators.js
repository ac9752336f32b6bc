// Generators that delegate 10,000 deep.
// expect: RangeError
exports.attack = () => { const g = function * (n) { if (n > 0) yield * g(n - 1); yield n }; let sum = 0; for (const x of g(1e4)) sum += x; return sum }
