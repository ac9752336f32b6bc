// A power whose digits fit in memory and take long.
// expect: ok {"$bigint":"1"}
// expect: abort
exports.attack = () => (7n ** 300000n) % 1000n
