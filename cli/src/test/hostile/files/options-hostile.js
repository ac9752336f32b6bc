// Options and contents that never end when they are looked at.
// expect: trap fuel
exports.attack = () => System.files.writeFile('/x', { toJSON () { for (;;); } }, { get encoding () { return 'json' } })
