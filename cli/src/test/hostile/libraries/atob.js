// Base64 that is none.
// expect: ok ["InvalidCharacterError","InvalidCharacterError","InvalidCharacterError","string","InvalidCharacterError","string","string"]
// expect: abort
exports.attack = () => ['*', 'a', '\u0100', 'x'.repeat(1e6)].map(s => { try { return typeof atob(s) } catch (e) { return e.name } }).concat(['\u0100', null, {}].map(s => { try { return typeof btoa(s) } catch (e) { return e.name } }))
