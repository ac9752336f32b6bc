// Promises resolved with promises, 5,000 deep.
// expect: ok 1
// expect: abort
// fuel: 200
exports.attack = async () => { let p = Promise.resolve(1); for (let i = 0; i < 5e3; i++) { const q = p; p = new Promise(r => r(q)) } return p }
