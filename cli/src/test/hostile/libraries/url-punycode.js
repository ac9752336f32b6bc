// Punycode of a long label, which takes the square of its length.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => new URL('http://' + '\u4e00\u00e9'.repeat(5e4)).host.length
