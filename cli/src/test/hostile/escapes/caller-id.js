// Takes another caller's name.
// expect: ok true
exports.attack = () => { 'use strict'; const id = System.caller.id; const tries = [() => { System.caller.id = 'root' }, () => Object.defineProperty(System.caller, 'id', { value: 'root' }), () => Object.getOwnPropertyDescriptor(System.caller, 'id').set('root'), () => Object.getOwnPropertyDescriptor(System.caller, 'id').get.call({ id: 'root' })]; for (const t of tries) { try { t() } catch {} } return System.caller.id === id }
