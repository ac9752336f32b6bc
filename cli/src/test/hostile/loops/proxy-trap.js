// A proxy's trap that never ends.
// expect: trap fuel
// fuel: 4
exports.attack = () => 'x' in new Proxy({}, { has () { for (;;); } })
