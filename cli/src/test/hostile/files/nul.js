// Paths with NUL, controls and half a surrogate pair.
// expect: ok ["InvalidPathError","x","InvalidPathError","x","x","InvalidPathError","EntryAlreadyExistsError"]
exports.attack = async () => { const got = []; for (const p of ['/a\u0000b', '/\ud800', '/\n', '/\u202e', '/ ', '/.', '']) { try { await System.files.writeFile(p, 'x'); got.push(await System.files.readFile(p)) } catch (e) { got.push(e.name) } } return got }
