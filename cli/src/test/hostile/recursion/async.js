// An async function that calls itself before it awaits.
// expect: RangeError
exports.attack = async () => { const f = async () => { await f() }; await f() }
