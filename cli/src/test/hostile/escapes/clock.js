// No clock but the call's: time stands still in a call, and there is no finer one.
// expect: ok [true,true,true,0]
exports.attack = () => { const t = Date.now(); for (let i = 0; i < 1e4; i++) Math.sqrt(i); return [Date.now() === t, new Date().getTime() === t, typeof performance === 'undefined' || performance.now() === performance.now(), new Date(0).getTimezoneOffset()] }
