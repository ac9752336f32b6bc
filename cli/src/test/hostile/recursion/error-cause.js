// An error whose causes are 1,000 deep is thrown, and shown on the console.
// expect: trap fuel
// expect: Error
// expect: abort
// fuel: 4
exports.attack = () => { let e = new Error('0'); for (let i = 0; i < 1000; i++) e = new Error('x', { cause: e }); console.log(e); throw e }
