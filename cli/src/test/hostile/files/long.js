// Paths that are very long, and very deep.
// expect: ok ["InvalidPathError","InvalidPathError","InvalidPathError","written"]
// expect: abort
// fuel: 400
exports.attack = async () => { const got = []; for (const p of ['/' + 'x'.repeat(1e6), '/' + 'x/'.repeat(1e5) + 'y', '/' + 'x'.repeat(300), '/x'.repeat(100)]) { try { await System.files.writeFile(p, 'x'); got.push('written') } catch (e) { got.push(e.name) } } return got }
