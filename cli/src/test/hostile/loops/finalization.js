// FinalizationRegistry and WeakRef as clocks: a loop that waits until something is collected.
// expect: trap fuel
// fuel: 4
exports.attack = () => { const w = new WeakRef({}); while (w.deref()); for (;;); }
