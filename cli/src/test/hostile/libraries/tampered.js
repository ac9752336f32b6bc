// Libraries that are loaded after the module has changed what they need.
// expect: ok
// alone
exports.attack = () => { Object.prototype.call = () => 'forged'; Array.prototype.push = Array.prototype.map = () => 'forged'; String.prototype.charCodeAt = () => 0; globalThis.Uint8Array = null; const got = []; for (const f of [() => typeof new URL('http://a/'), () => typeof Buffer.from('x'), () => typeof new TextEncoder().encode('x'), () => typeof structuredClone({})]) { try { got.push(f()) } catch (e) { got.push(e.name) } } return got.length }
exports.innocent = () => 'ok'
