// Paths that are no strings.
// expect: ok ["InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError"]
exports.attack = async () => { const got = []; for (const p of [1, null, {}, ['/x'], Symbol('x'), new Proxy({}, { get () { for (;;); } }), new String('/x')]) { try { await System.files.writeFile(p, 'x'); got.push('written') } catch (e) { got.push(e.name) } } return got }
