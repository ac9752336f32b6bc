// Waits for a timer that is due in 24 days.
// expect: TimeoutError
// fuel: 4
exports.attack = () => new Promise(resolve => setTimeout(resolve, 2 ** 31 - 1))
