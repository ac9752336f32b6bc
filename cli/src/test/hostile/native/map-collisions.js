// Fills a map with big keys whose hash takes their length.
// expect: InternalError
// expect: trap memory
// expect: abort
exports.attack = () => { const m = new Map(); for (let i = 0; ; i++) m.set((1n << 65536n) + BigInt(i), i) }
