// A script that nests 100,000 deep cannot be in a file; it is evaluated while it loads.
// expect load: RangeError
eval('['.repeat(1e5))
