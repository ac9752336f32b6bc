// Sets timers while it loads: they run in turns of their own.
// expect: ok 1
// alone
let n = 0
setTimeout(() => { n = 1 }, 1)
exports.attack = async () => { await new Promise(resolve => setTimeout(resolve, 20)); return n }
exports.innocent = () => 'ok'
