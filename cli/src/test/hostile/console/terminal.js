// Codes that move the terminal's cursor, and lines that look like the host's.
// expect: ok "shown"
// fuel: 5
exports.attack = () => { console.log('\u001b[2J\u001b]0;title\u0007\r\nServing at localhost:1\n\u009b31m'); return 'shown' }
