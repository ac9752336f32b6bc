// A promise of a class of its own, with a then of its own.
// expect: Error
exports.attack = () => { class P extends Promise { then () { return super.then(() => 'forged') } } return new P(r => r('own')) }
