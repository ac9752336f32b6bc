// A BigInt whose toString the module has replaced.
// expect: ok {"$bigint":"5"}
// alone
exports.attack = () => { BigInt.prototype.toString = () => '7'; BigInt.prototype.toJSON = () => 'forged'; return 5n }
exports.innocent = () => 'ok'
