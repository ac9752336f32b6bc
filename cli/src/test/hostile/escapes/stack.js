// Stacks show no path of the host and no name of its code.
// expect: ok []
exports.attack = () => { const stacks = []; const at = f => { try { f() } catch (e) { stacks.push(e.stack) } }; at(() => { throw new Error('x') }); at(() => null.x); at(() => System.oracle(1)); at(() => new RegExp('(')); at(() => eval('(')); at(() => { const f = () => f(); f() }); const all = stacks.join('\n'); return ['/work', '/tmp', '/home', '/root', '/usr', 'java', '.class', 'v8', 'native:', 'machine.js', 'v8.js', 'glasshouse'].filter(s => all.includes(s)) }
