// A class that constructs itself.
// expect: RangeError
exports.attack = () => { class A { constructor () { return new A() } } return new A() }
