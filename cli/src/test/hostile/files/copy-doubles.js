// Copies a directory into another until it has more files than memory.
// expect: QuotaExceededError
// expect: abort
// fuel: 400
exports.attack = async () => { const f = System.files; await f.mkdir('/d0'); await f.writeFile('/d0/f', 'x'); for (let i = 0; i < 40; i++) { await f.mkdir('/d' + (i + 1)); await f.copy('/d' + i, '/d' + (i + 1) + '/a'); await f.copy('/d' + i, '/d' + (i + 1) + '/b') } }
