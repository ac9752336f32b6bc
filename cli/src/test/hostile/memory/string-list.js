// Many long texts.
// expect: InternalError
// expect: trap memory
// expect: abort
// expect: trap fuel
exports.attack = () => { const a = []; for (let i = 0; ; i++) a.push(String(i).repeat(1e5)) }
