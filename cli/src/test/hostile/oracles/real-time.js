// An oracle sees the host's time; the module does not.
// expect: ok true
exports.attack = () => { const inside = System.oracle(() => Date.now()); return typeof inside === 'number' }
