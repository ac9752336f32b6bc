// BigInts until memory ends.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const a = []; for (let n = 1n; ; n <<= 1000n) a.push(n << 100000n) }
