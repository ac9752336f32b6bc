// A regular expression that is compiled anew while it runs.
// expect: ok [true,"xxx"]
exports.attack = () => { const r = /a/g; const got = []; r.lastIndex = { valueOf () { r.compile('b'.repeat(1000)); return 0 } }; got.push(r.exec('aaa') === null); const s = /(a)/g; got.push('aaa'.replace(s, () => { s.compile('(b)(c)'); return 'x' })); return got }
