// Rejects with a thenable.
// expect: Error
exports.attack = () => Promise.reject({ then () { for (;;); } })
