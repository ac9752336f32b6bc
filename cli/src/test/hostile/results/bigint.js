// BigInts within other values.
// expect: ok {"n":[{"$bigint":"18446744073709551616"},{"$bigint":"-1"}]}
exports.attack = () => ({ n: [2n ** 64n, -1n] })
