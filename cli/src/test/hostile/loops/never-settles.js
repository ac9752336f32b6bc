// A promise that nothing can settle.
// expect: Error
// fuel: 4
exports.attack = () => new Promise(() => {})
