// Reads a file of deeply nested JSON as JSON.
// expect: RangeError
// expect: abort
exports.attack = async () => { await System.files.writeFile('/deep', '['.repeat(1e5) + ']'.repeat(1e5)); return System.files.readFile('/deep', 'json') }
