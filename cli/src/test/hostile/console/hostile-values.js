// Values that do not want to be shown.
// expect: ok "shown"
// fuel: 5
exports.attack = () => { const bad = new Proxy(function () {}, { get () { throw 1 }, ownKeys () { throw 1 }, getOwnPropertyDescriptor () { throw 1 }, getPrototypeOf () { throw 1 }, has () { throw 1 } }); console.log(bad, { bad }, [bad], { get x () { for (;;); } }, { toString () { throw 1 } }, Symbol('x'), Object.create(null), new Map([[bad, bad]])); console.table([bad]); console.dir(bad); console.assert(false, bad); console.group(bad); console.count(bad); console.time(bad); return 'shown' }
