// JSON of an object that holds itself twice, 40 deep: a text of 2^40 parts.
// expect: abort
// watchdog: 100
exports.attack = () => { let o = {}; for (let i = 0; i < 40; i++) o = [o, o]; return JSON.stringify(o).length }
