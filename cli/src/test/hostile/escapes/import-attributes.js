// import of files as JSON, text and bytes.
// expect: ok ["ModuleNotFoundError"]
exports.attack = async () => { const got = []; for (const type of ['json', 'text', 'bytes', 'css', 'x']) { try { await import('/etc/passwd', { with: { type } }); got.push('found') } catch (e) { got.push(e.name) } } return got.filter((n, i) => got.indexOf(n) === i) }
