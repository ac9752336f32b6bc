// A list of a million objects is dropped: freeing it must not recurse.
// expect: ok "dropped"
// expect: abort
// fuel: 200
exports.attack = () => { let a = null; for (let i = 0; i < 4e5; i++) a = { a }; a = null; return 'dropped' }
