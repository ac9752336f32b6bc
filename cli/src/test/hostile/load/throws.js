// Throws while it loads.
// expect load: RangeError
throw new RangeError('not today')
