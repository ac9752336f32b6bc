// Exports methods with long names.
// expect load: room
for (let i = 0; i < 100; i++) exports['m'.repeat(50000) + i] = () => i
