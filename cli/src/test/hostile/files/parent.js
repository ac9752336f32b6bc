// Paths that lead out of the archive.
// expect: ok ["InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError","InvalidPathError","written","ParentFolderDoesntExistError"]
exports.attack = async () => { const got = []; for (const p of ['../x', '/../x', 'a/../../x', '/a/../..', '..', '/..', '/./x', '//x', 'x//y']) { try { await System.files.writeFile(p, 'x'); got.push('written') } catch (e) { got.push(e.name) } } return got }
