// Reads a file as UTF-8 that is none: each byte here stands for itself, those of a half surrogate too.
// expect: ok "������"
exports.attack = async () => { await System.files.writeFile('/bytes', new Uint8Array([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80])); return System.files.readFile('/bytes') }
