// Texts that no UTF-8 can hold.
// expect: ok ["\ud800","\udc00x",{"\udfff":1},"😀"]
exports.attack = () => ['\ud800', '\udc00x', { '\udfff': 1 }, '\ud83d\ude00']
