// An export that is a getter, another function each time.
// expect: ok 1
// alone
let n = 0
Object.defineProperty(exports, 'attack', { get: () => () => ++n, enumerable: true })
exports.innocent = () => 'ok'
