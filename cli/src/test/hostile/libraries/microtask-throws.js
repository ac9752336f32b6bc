// queueMicrotask of what throws, and of what is no function.
// expect: ok "TypeError"
exports.attack = async () => { queueMicrotask(() => { throw new Error('in a job') }); try { queueMicrotask(1) } catch (e) { return e.name } }
