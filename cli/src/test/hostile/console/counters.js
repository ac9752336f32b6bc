// Counters and clocks under 100,000 labels.
// expect: trap fuel
// expect: abort
// fuel: 5
exports.attack = () => { for (let i = 0; i < 1e4; i++) { console.count('c' + i); console.time('t' + i) } return 'counted' }
