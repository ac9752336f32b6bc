// Parameters nested deeper than a request may be are refused before the module is asked.
// expect: refused
// call: attack ["@100000"]
exports.attack = () => 'reached'
