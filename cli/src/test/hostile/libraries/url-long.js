// A URL of a million characters.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => new URL('http://a/' + '../x/'.repeat(2e5)).href.length
