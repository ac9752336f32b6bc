// Numbers that JSON does not have, and those at the ends of its range.
// expect: ok [null,null,null,0,5e-324,1.7976931348623157e+308,9007199254740992,1e+21,0.30000000000000004]
exports.attack = () => [NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308, 2 ** 53 + 1, 1e21, 0.1 + 0.2]
