// A parameter with a key called __proto__ pollutes nothing.
// expect: ok [true,true,["__proto__","a"]]
// call: attack [{"__proto__":{"polluted":1},"a":{"$bytes":"AAA="}}]
exports.attack = x => [{}.polluted === undefined, x.polluted === undefined, Object.keys(x)]
