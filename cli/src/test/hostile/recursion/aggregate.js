// AggregateErrors within each other.
// expect: AggregateError
// expect: abort
exports.attack = () => { let e = new Error('0'); for (let i = 0; i < 2e3; i++) e = new AggregateError([e], 'x'); console.log(e); throw e }
