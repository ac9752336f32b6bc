// Text that is no UTF-8, and encodings that do not exist.
// expect: ok ["RangeError","TypeError","string","string","TypeError"]
exports.attack = () => { const got = []; for (const f of [() => new TextDecoder('x'), () => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])), () => new TextDecoder().decode(new Uint8Array([0xf0, 0x9f])), () => new TextDecoder('utf-16le').decode(new Uint8Array([0, 0xd8])), () => new TextEncoder().encodeInto('x', null)]) { try { got.push(typeof f()) } catch (e) { got.push(e.name) } } return got }
