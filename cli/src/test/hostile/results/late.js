// A promise of an earlier call that settles in a later one is nobody's answer.
// expect: Error
// then: ok "own"
// alone
exports.attack = () => new Promise(resolve => { globalThis.late = resolve })
exports.innocent = async () => { late('forged'); await null; await null; return 'own' }
