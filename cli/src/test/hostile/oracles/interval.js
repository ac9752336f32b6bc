// An oracle with an interval, which never settles.
// expect: TimeoutError
exports.attack = () => System.oracle(() => new Promise(() => setInterval(() => {}, 1)))
