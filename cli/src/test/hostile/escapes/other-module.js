// The files and the log of a module beside this one.
// expect: ok ["InvalidPathError","NotFoundError"]
exports.attack = async () => { const got = []; for (const p of ['../neighbour/log', '/../neighbour/host.key', '/neighbour', '../log/CURRENT', '../treehead', '../host.key']) { try { await System.files.readFile(p); got.push('read') } catch (e) { got.push(e.name) } } return got.filter((n, i) => got.indexOf(n) === i) }
