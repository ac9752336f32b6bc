// Digests that do not exist.
// expect: ok ["NotSupportedError","NotSupportedError","NotSupportedError","NotSupportedError","NotSupportedError","NotSupportedError","NotSupportedError",32,"RangeError"]
// expect: abort
exports.attack = async () => { const got = []; for (const n of ['MD5', 'sha-257', '', {}, null, '__proto__', 'constructor', { name: 'SHA-256' }, { get name () { throw new RangeError('name') } }]) { try { got.push((await crypto.subtle.digest(n, new Uint8Array(1))).byteLength) } catch (e) { got.push(e.name) } } return got }
