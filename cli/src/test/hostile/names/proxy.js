// Exports that are a proxy with methods for every name.
// expect: ok "answers to anything"
// then: ok "answers to innocent"
// call: anything []
// alone
module.exports = new Proxy({}, { get: (t, k) => () => 'answers to ' + String(k), ownKeys: () => ['anything', 'innocent'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }) })
