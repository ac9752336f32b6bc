// An oracle that changes the module: the change is gone.
// expect: ok [true,true,true]
exports.attack = () => { const before = globalThis.mutated; System.oracle(() => { globalThis.mutated = 1; Object.prototype.polluted = 1; Math.random() }); return [before === undefined, globalThis.mutated === undefined, {}.polluted === undefined] }
