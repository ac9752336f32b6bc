// import from code that is evaluated.
// expect: ok ["ModuleNotFoundError"]
exports.attack = async () => { const got = []; for (const f of [() => eval("import('fs')"), () => new Function("return import('os')")(), () => (0, eval)("import('/etc/passwd')"), () => new (async () => {}).constructor("return import('std')")()]) { try { await f(); got.push('found') } catch (e) { got.push(e.name) } } return got.filter((n, i) => got.indexOf(n) === i) }
