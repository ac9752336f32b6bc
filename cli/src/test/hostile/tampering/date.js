// Date.now goes backwards; timers go by the host's clock.
// expect: ok "own"
// alone
exports.attack = () => { let n = 1e15; Date.now = () => n--; globalThis.Date = class { }; return new Promise(resolve => setTimeout(resolve, 5, 'own')) }
exports.innocent = () => 'ok'
