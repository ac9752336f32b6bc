// Oracles that each use all the fuel that is left.
// expect: ok 20
exports.attack = () => { let n = 0; for (let i = 0; i < 20; i++) { try { System.oracle(() => { for (;;); }) } catch { n++ } } return n }
