// Objects that look like bytes in transport come back as they are.
// expect: ok [{"$$bytes":"!!"},{"$$bigint":"5"},{"$$$bytes":"AAA="}]
exports.attack = () => [{ $bytes: '!!' }, { $bigint: '5' }, { $$bytes: 'AAA=' }]
