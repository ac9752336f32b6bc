// Files of the host.
// expect: ok ["NotFoundError","NotFoundError","NotFoundError","NotFoundError","NotFoundError","NotFoundError","InvalidPathError","NotFoundError"]
exports.attack = async () => { const got = []; for (const p of ['/etc/passwd', '/proc/self/environ', 'C:\\Windows\\win.ini', 'file:///etc/passwd', '~/.ssh/id_ed25519', 'host.key', '../host.key', '/dev/zero']) { try { await System.files.readFile(p); got.push('read') } catch (e) { got.push(e.name) } } return got }
