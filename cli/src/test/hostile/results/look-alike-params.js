// Parameters that look like bytes and are not.
// expect: SyntaxError
// call: attack [{"$bytes":"*"}]
exports.attack = x => typeof x
