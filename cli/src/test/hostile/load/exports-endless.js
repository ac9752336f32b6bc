// Exports a proxy that lists keys without an end.
// expect load: fuel
module.exports = new Proxy({}, { ownKeys () { for (;;); } })
