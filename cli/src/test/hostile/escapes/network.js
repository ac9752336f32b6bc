// The network, outside an oracle.
// expect: ok ["OutsideError","ReferenceError","ReferenceError","ReferenceError","ReferenceError"]
exports.attack = async () => { const got = []; for (const f of [() => fetch('http://127.0.0.1/'), () => new WebSocket('ws://127.0.0.1/'), () => new XMLHttpRequest(), () => new EventSource('/'), () => navigator.sendBeacon('/')]) { try { await f(); got.push('reached') } catch (e) { got.push(e.name) } } return got }
