// 2,000 oracles in one call.
// expect: RangeError
// expect: abort
// fuel: 400
exports.attack = () => { for (let i = 0; i < 2000; i++) System.oracle(() => 1); return 'done' }
