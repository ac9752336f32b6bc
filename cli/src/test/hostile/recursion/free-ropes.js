// A text joined from the left 100,000 times is looked at.
// expect: ok 109
// expect: abort
// fuel: 200
exports.attack = () => { let s = ''; for (let i = 0; i < 1e5; i++) s = 'abcdefghijklmnopqrstuvwxyz' + s; return s.charCodeAt(1000) }
