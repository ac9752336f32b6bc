// Locale and time zone of the host cannot be seen.
// expect: ok ["Thu Jan 01 1970 00:00:00 GMT+0000","01/01/1970, 12:00:00 AM","1234.5","undefined"]
exports.attack = () => [new Date(0).toString(), new Date(0).toLocaleString(), (1234.5).toLocaleString(), typeof Intl]
