// Classes that extend each other, 10,000 deep.
// expect: RangeError
// expect: abort
exports.attack = () => { let A = class {}; for (let i = 0; i < 1e4; i++) A = class extends A {}; new A(); return 'made' }
