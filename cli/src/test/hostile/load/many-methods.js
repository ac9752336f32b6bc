// Exports 100,000 methods.
// expect load: fuel
for (let i = 0; i < 1e5; i++) exports['method' + i] = () => i
