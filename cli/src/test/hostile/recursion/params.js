// Parameters nested 500 deep, which is as deep as a request may be.
// expect: ok 500
// call: attack ["@500"]
exports.attack = x => { let n = 0; while (Array.isArray(x)) { x = x[0]; n++ } return n }
