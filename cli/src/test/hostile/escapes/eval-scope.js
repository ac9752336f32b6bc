// Indirect eval sees no variable of the bootstrap.
// expect: ok []
exports.attack = () => ['host', 'dispatch', 'ask', 'OP', 'evaluate', 'methods', 'exported', 'loaded', 'outcome', 'seed', 'heap', 'byId'].filter(n => { try { (0, eval)(n); return true } catch { return false } })
