// fetch where there is no oracle.
// expect: OutsideError
exports.attack = () => fetch('http://127.0.0.1:1/')
