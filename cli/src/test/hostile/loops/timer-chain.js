// Each timer starts the next one, and nothing settles the promise.
// expect: RangeError
// expect: TimeoutError
exports.attack = () => { const f = () => setTimeout(f, 0); f(); return new Promise(() => {}) }
