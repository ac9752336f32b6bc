// A line of 16 million characters.
// expect: ok "written"
// expect: abort
// fuel: 5
exports.attack = () => { console.log('x'.repeat(1 << 24)); return 'written' }
