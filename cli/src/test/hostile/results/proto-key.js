// A key called __proto__, which must stay a key.
// expect: ok {"__proto__":{"polluted":1},"constructor":2,"toString":3}
exports.attack = () => JSON.parse('{"__proto__":{"polluted":1},"constructor":2,"toString":3}')
