// A proxy whose keys change each time they are asked for.
// expect: ok {"k1":"k12"}
exports.attack = () => { let n = 0; return new Proxy({}, { ownKeys: () => ['k' + n++], getOwnPropertyDescriptor: (t, k) => ({ value: k, enumerable: true, configurable: true }), get: (t, k) => k === 'then' || k === 'toJSON' ? undefined : String(k) + n }) }
