// Dates outside their range.
// expect: ok [null,"+275760-09-13T00:00:00.000Z"]
exports.attack = () => [new Date(NaN), new Date(8.64e15)]
