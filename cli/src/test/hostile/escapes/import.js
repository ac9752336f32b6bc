// import of what is not the module's.
// expect: ok ["ModuleNotFoundError"]
exports.attack = async () => { const got = new Set(); for (const s of ['fs', 'node:fs', 'std', 'os', 'bjson', '/etc/passwd', '../../etc/passwd', 'file:///etc/passwd', 'http://127.0.0.1/x.mjs', 'https://esm.sh/x', 'data:text/javascript,export default 1', '', '.', './nothing.mjs', './\u0000', 'java:java.lang.System']) { try { await import(s); got.add(s + ' was found') } catch (e) { got.add(e.name) } } return [...got] }
