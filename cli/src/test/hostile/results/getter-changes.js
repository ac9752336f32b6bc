// A getter that deletes what is to be taken next.
// expect: ok {"a":1,"c":3}
exports.attack = () => { const o = { get a () { delete o.b; return 1 }, b: 2, c: 3 }; return o }
