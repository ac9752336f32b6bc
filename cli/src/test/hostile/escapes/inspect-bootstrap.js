// Looks at the source of the functions that the bootstrap gives, for names of its own.
// expect: ok true
exports.attack = () => [System.oracle, System.files.readFile, console.log, fetch, setTimeout, Math.random, require].map(f => { try { return f.constructor === Function || f.constructor.name === 'AsyncFunction' } catch (e) { return e.name } }).every(x => x)
