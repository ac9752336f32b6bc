// WeakMaps and FinalizationRegistries by the thousand.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const a = []; const r = new FinalizationRegistry(() => {}); for (;;) { const k = {}; r.register(k, new Uint8Array(1e4)); a.push(k, new WeakRef(k)) } }
