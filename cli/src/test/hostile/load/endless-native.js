// Loops natively while it loads.
// expect load: time
[].reverse.call({ length: 2 ** 53 - 1 })
