// undefined, alone and within.
// expect: ok [null,{},[null]]
exports.attack = () => [undefined, { a: undefined }, [,]]
