// More random bytes than may be asked for, and into what is no integer array.
// expect: ok ["QuotaExceededError","TypeMismatchError","TypeMismatchError","TypeMismatchError","TypeMismatchError","TypeMismatchError","object"]
exports.attack = () => [new Uint8Array(65537), new Float64Array(1), [], null, {}, new DataView(new ArrayBuffer(8)), new BigUint64Array(8192)].map(a => { try { return typeof crypto.getRandomValues(a) } catch (e) { return e.name } })
