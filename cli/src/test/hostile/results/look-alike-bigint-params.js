// A parameter that looks like a BigInt and is not.
// expect: SyntaxError
// call: attack [{"$bigint":"0x"}]
exports.attack = x => typeof x
