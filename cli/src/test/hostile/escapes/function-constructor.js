// Code made at run time sees the global scope alone.
// expect: ok ["undefined","undefined","undefined","undefined","undefined","undefined"]
exports.attack = () => new Function('return [typeof host, typeof dispatch, typeof require, typeof exports, typeof module, typeof captured]')()
