// 100,000 files in one call.
// expect: abort
// expect: trap fuel
// expect: QuotaExceededError
// fuel: 40
exports.attack = async () => { for (let i = 0; i < 1e5; i++) await System.files.writeFile('/many/' + i, '') }
