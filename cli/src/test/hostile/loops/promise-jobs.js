// A flood of promise jobs, each of which makes two.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f(); return new Promise(() => {}) }
