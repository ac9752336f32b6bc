// fetch of a port where nobody listens.
// expect: TypeError
exports.attack = () => System.oracle(async () => { await fetch('http://127.0.0.1:1/') })
