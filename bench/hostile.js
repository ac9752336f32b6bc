// Attacks by number, for hostile.sh: each call is another one, and the module must live with all.
const kept = []
const endless = () => { for (;;); }
const fill = () => { const a = []; for (;;) a.push(new Uint8Array(1 << 18)) }
const nested = (n) => { let a = []; for (let i = 0; i < n; i++) a = [a]; return a }

const attacks = [
  endless,
  fill,
  () => { const f = () => f() + 1; return f() },
  () => JSON.parse('['.repeat(1e5)),
  () => eval('('.repeat(1e5)),
  () => { throw new Error('x'.repeat(1e4)) },
  () => ({ get x () { throw new RangeError('while taken') } }),
  () => ({ toJSON: endless }),
  () => ({ then: endless }),
  () => new Promise(() => {}),
  async () => { for (;;) await null },
  () => /^(a+)+$/.test('a'.repeat(40) + 'b'),
  () => { let s = 'x'; for (;;) s += s },
  () => { let f = () => 1; for (;;) f = f.bind(null, 1) },
  () => { let p = {}; for (let i = 0; i < 5000; i++) p = new Proxy(p, {}); return p.x },
  () => String(nested(5000)),
  () => { for (let i = 0; ; i++) Symbol.for('s'.repeat(1e4) + i) },
  () => {
    const ids = []
    try { for (;;) ids.push(setTimeout(endless, 1e9, new Uint8Array(1e5))) } finally { ids.forEach(clearTimeout) }
  },
  () => System.oracle(endless),
  () => System.oracle(fill),
  () => System.oracle(() => 'x'.repeat(1e5)),
  () => { Math.random(); return crypto.getRandomValues(new Uint8Array(1000)) },
  async () => { await System.files.writeFile('/kept', 'x'.repeat(1000)); throw new Error('not written') },
  async () => { await System.files.writeFile('/written', String(Math.random())) },
  () => { kept.push(new Uint8Array(1 << 12)); if (kept.length > 100) kept.length = 0 },
  () => { Promise.reject(new Error('nobody')) },
  () => 'x'.repeat(1e6),
  () => () => 1
]

exports.attack = (i) => attacks[i % attacks.length]()

// Natively, without fuel: the host's watchdog ends it.
exports.hang = () => [].reverse.call({ length: 2 ** 53 - 1 })
