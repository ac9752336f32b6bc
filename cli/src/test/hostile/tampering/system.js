// System and its members are replaced where that is possible.
// expect: ok ["TypeError","TypeError","TypeError","TypeError","TypeError","TypeError"]
// alone
exports.attack = () => { 'use strict'; const tried = []; for (const f of [() => { System.caller = 1 }, () => { System.caller.id = 'root' }, () => { System.files.readFile = 1 }, () => { delete System.oracle }, () => { System.extra = 1 }, () => { Object.setPrototypeOf(System, null) }]) { try { f(); tried.push('done') } catch (e) { tried.push(e.name) } } globalThis.System = { caller: { id: 'root' } }; return tried }
exports.innocent = () => 'ok'
