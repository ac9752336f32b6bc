// Reads a file as JSON that tries to set a prototype.
// expect: ok [true,true]
exports.attack = async () => { await System.files.writeFile('/p', '{"__proto__":{"polluted":1},"$bytes":"!"}'); const x = await System.files.readFile('/p', 'json'); return [x.polluted === undefined, {}.polluted === undefined] }
