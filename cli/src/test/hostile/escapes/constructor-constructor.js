// The constructor of a constructor, by which sandboxes made of objects are left.
// expect: ok true
exports.attack = () => { const g = [System, System.files, System.files.readFile, console, console.log, fetch, setTimeout, Math.random, require].map(o => { try { return o.constructor.constructor('return this')() === globalThis } catch (e) { return e.name } }); return g.every(x => x === true) }
