// Closures within closures, 100,000 deep, are dropped.
// expect: ok "dropped"
// expect: abort
// fuel: 200
exports.attack = () => { let f = null; for (let i = 0; i < 1e5; i++) { const g = f; f = () => g } f = null; return 'dropped' }
