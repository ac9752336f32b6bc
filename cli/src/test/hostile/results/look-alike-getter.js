// An object that looks like bytes only at the second look.
// expect: ok {"$$bytes":"!!"}
exports.attack = () => { let n = 0; return { get $bytes () { return n++ ? 'AAA=' : '!!' } } }
