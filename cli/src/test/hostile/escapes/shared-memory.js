// Shared memory and agents.
// expect: ReferenceError
exports.attack = () => { const a = new Int32Array(new SharedArrayBuffer(8)); const got = [Atomics.add(a, 0, 1), Atomics.notify(a, 0, 1)]; for (const f of [() => Atomics.wait(a, 0, 1, 100000), () => Atomics.waitAsync(a, 0, 1)]) { try { got.push(typeof f()) } catch (e) { got.push(e.name) } } return got }
