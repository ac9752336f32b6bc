// The functions on the stack while the module is called, by Error.prepareStackTrace.
// expect: ok []
// alone
exports.attack = () => { const seen = []; Error.prepareStackTrace = (e, sites) => { if (Array.isArray(sites)) for (const s of sites) for (const k of ['getFunction', 'getThis', 'getEvalOrigin']) try { seen.push(k + ' ' + typeof s[k]()) } catch {} return [] }; new Error('x').stack; try { null.x } catch (e) { String(e.stack) } return seen.filter(s => s.endsWith('object')) }
exports.innocent = () => 'ok'
