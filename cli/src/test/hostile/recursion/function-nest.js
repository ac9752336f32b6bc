// Functions within each other, 10,000 deep.
// expect: SyntaxError
// expect: abort
exports.attack = () => typeof eval('(function(){return '.repeat(1e4) + '1' + '})'.repeat(1e4))
