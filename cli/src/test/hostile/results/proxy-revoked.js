// A proxy that has been revoked.
// expect: TypeError
exports.attack = () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy }
