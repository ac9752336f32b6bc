// Digests without an end.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = async () => { for (;;) await crypto.subtle.digest('SHA-256', new Uint8Array(1e6)) }
