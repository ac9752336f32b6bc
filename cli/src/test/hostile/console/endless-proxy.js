// A proxy with a prototype without an end.
// expect: ok "shown"
// fuel: 5
exports.attack = () => { const p = new Proxy({}, { getPrototypeOf: () => p, ownKeys: () => [], getOwnPropertyDescriptor: () => undefined }); console.log(p); return 'shown' }
