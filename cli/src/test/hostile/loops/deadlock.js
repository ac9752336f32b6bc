// An async function that waits for itself.
// expect: Error
// fuel: 4
exports.attack = () => { const p = (async () => { await null; return await p })(); return p }
