// An oracle that waits for a timer that is due in 24 days.
// expect: TimeoutError
exports.attack = () => System.oracle(() => new Promise(resolve => setTimeout(resolve, 2 ** 31 - 1)))
