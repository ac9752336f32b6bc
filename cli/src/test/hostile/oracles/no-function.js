// What is no function, and what is no plain one.
// expect: ok ["TypeError","TypeError","TypeError","TypeError","TypeError",{},"RangeError",1,null]
exports.attack = () => { const got = []; for (const f of [null, 1, 'x', {}, class {}, function * () { for (;;) yield 1 }, new Proxy(() => 1, { apply () { throw new RangeError('trap') } }), (() => 1).bind(null), Math.max]) { try { got.push(System.oracle(f)) } catch (e) { got.push(e.name) } } return got }
