// Sorts two million numbers natively.
// expect: trap fuel
// fuel: 4
exports.attack = () => { const a = new Float64Array(2 ** 21); for (;;) a.map((x, i) => -i).sort() }
