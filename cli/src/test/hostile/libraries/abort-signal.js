// Listeners that add listeners while they are told.
// expect: ReferenceError
// expect: abort
exports.attack = () => { const c = new AbortController(); const more = () => c.signal.addEventListener('abort', more); more(); let n = 0; c.signal.addEventListener('abort', () => { n++; c.abort() }); c.abort(); return n }
