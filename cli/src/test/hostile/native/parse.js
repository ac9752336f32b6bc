// Parses a megabyte of JSON, again and again.
// expect: abort
// watchdog: 100
exports.attack = () => { const s = '[' + '1,'.repeat(5e5) + '1]'; for (;;) JSON.parse(s) }
