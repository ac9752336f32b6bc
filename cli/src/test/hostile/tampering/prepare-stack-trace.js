// Error.prepareStackTrace looks for functions of the host on the stack.
// expect: ok []
// alone
exports.attack = () => { const seen = []; Error.prepareStackTrace = (e, sites) => { for (const s of sites || []) seen.push(typeof s.getFunction === 'function' && typeof s.getFunction()); return '' }; new Error('x').stack; const o = {}; Error.captureStackTrace(o); String(o.stack); try { System.oracle() } catch (e) { String(e.stack) } console.trace('x'); return seen }
exports.innocent = () => 'ok'
