// Makes the host's functions construct.
// expect: ok ["object","TypeError","TypeError","TypeError","TypeError","object"]
exports.attack = () => [System.oracle, System.files.readFile, console.log, fetch, setTimeout, Math.random].map(f => { try { return typeof Reflect.construct(Object, [], f) } catch (e) { return e.name } })
