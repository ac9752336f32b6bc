// A toJSON on bytes, which have a form of their own.
// expect: ok {"$bytes":"AAA="}
exports.attack = () => Object.assign(new Uint8Array(2), { toJSON: () => 'forged' })
