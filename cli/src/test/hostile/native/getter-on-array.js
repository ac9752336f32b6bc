// indexOf over an array whose length and elements are proxied: 2^53 calls of a trap.
// expect: trap fuel
// fuel: 4
exports.attack = () => [].indexOf.call(new Proxy({ length: 2 ** 53 - 1 }, {}), 1)
