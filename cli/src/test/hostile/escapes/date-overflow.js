// Dates and numbers at the ends of their ranges, formatted natively.
// expect: ok ["+275760-09-13T00:00:00.000Z",36,5,107,1024,13,null]
exports.attack = () => [new Date(8.64e15).toISOString(), new Date(-8.64e15).toString().length, (1e21).toFixed(100).length, (-1.5e-300).toPrecision(100).length, Number.MAX_VALUE.toString(2).length, (0.1).toString(36).length, Date.UTC(1e9, 1e9, 1e9)]
