// 20,000 labels before one statement.
// expect: RangeError
// expect: abort
// fuel: 200
exports.attack = () => { let s = ''; for (let i = 0; i < 2e4; i++) s += 'a' + i + ':'; return eval(s + '1') }
