// FinalizationRegistry callbacks that register again.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => { const r = new FinalizationRegistry(() => { r.register({}, 1) }); for (let i = 0; i < 1000; i++) r.register({}, 1); return 'registered' }
