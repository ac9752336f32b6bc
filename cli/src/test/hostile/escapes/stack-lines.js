// The stack of an error that passed through the host.
// expect: ok true
exports.attack = async () => { try { await System.files.readFile('/nothing') } catch (e) { return e.stack.split('\n').every(l => l === '' || /^ *at .*\((bootstrap|native|[\w./-]*js)(:\d+)*\)$|^ *at (<anonymous>|[\w.<>]+) \(.*\)$|^ *at /.test(l)) && !e.stack.includes('/work') } }
