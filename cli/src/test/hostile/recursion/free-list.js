// A list of 100,000 objects is dropped: freeing it must not recurse.
// expect: ok "dropped"
// expect: abort
// fuel: 200
exports.attack = () => { let a = null; for (let i = 0; i < 1e5; i++) a = { a }; a = null; return 'dropped' }
