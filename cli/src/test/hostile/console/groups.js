// A thousand groups that are never ended.
// expect: ok "shown"
// fuel: 5
exports.attack = () => { for (let i = 0; i < 1000; i++) console.group(); console.log('x'); return 'shown' }
