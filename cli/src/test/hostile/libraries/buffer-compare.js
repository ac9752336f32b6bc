// Reads and writes out of a buffer's bounds.
// expect: ok ["RangeError","RangeError","RangeError","number","number","InternalError","InternalError","number","number","number"]
// expect: abort
exports.attack = () => { const b = Buffer.alloc(4); const got = []; for (const f of [() => b.readUInt32LE(1), () => b.writeUInt32LE(1, 2), () => b.readBigInt64BE(-1), () => b.copy(b, 2, 0, 1e9), () => b.toString('utf8', -5, 1e9).length, () => Buffer.concat([b, b], 1e9).length, () => Buffer.from({ length: 1e9 }).length, () => b.subarray(-1e9, 1e9).length, () => b.swap32().length, () => b.indexOf('', 1e9)]) { try { got.push(typeof f()) } catch (e) { got.push(e.name) } } return got }
