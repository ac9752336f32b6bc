// Keeps the oracle's functions and promises for later.
// expect: ok "undefined"
exports.attack = async () => { let kept; const p = System.oracle(async () => { kept = fetch; return 1 }); await p; return typeof kept }
