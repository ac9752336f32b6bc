// An event that dispatches itself.
// expect: ReferenceError
exports.attack = () => { const t = new EventTarget(); t.addEventListener('x', e => t.dispatchEvent(new Event('x'))); t.dispatchEvent(new Event('x')); return 'dispatched' }
