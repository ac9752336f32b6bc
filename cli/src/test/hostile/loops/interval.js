// An interval of its own, while the call waits for ever.
// expect: RangeError
// expect: TimeoutError
exports.attack = () => { setInterval(() => {}, 1); return new Promise(() => {}) }
