// The debugger statement, and names of V8's natives.
// expect: ok "SyntaxError"
exports.attack = () => { debugger; try { return eval('%GetHeapUsage()') } catch (e) { return e.name } }
