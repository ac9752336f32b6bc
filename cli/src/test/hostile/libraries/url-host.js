// Hosts that are hard to read.
// expect: trap fuel
// expect: abort
// fuel: 4
exports.attack = () => ['http://' + 'xn--'.repeat(1000), 'http://1.2.3.4.5.6', 'http://[' + ':'.repeat(1000) + ']', 'http://' + '\u00df'.repeat(1e5), 'http://0x' + 'f'.repeat(1e5), 'javascript:alert(1)', 'http://a:99999', '\u0000', 'http://\ud800'].map(u => { try { return new URL(u).protocol } catch (e) { return e.name } })
