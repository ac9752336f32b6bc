// Another realm, in which nothing was captured.
// expect: ok true
exports.attack = () => { const got = []; for (const n of ['ShadowRealm', 'Realm', 'Compartment', 'createRealm', '$262', 'DOMParser']) { try { got.push(typeof new globalThis[n]()) } catch (e) { got.push(e.name) } } return got.every(n => n === 'TypeError') }
