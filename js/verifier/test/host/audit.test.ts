import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type AnyClient, connect } from 'glasshouse-client'
import { UnverifiedError, encodeUtf8 } from 'glasshouse-formats'
import { type Audit, type Progress, type Report, audit, readSignedReport, reportJson } from 'glasshouse-verifier'
import { Host, folder, glass } from '../../../client/build/host/host.js'
import { stopAll } from '../../../client/build/host/running.js'
import { run as runAt } from './run.js'

// All that an entry can hold.
const SCRIPT = `
let count = 0
const fs = System.files
exports.increment = (by = 1) => { count += by; return count }
exports.long = (n) => 'x'.repeat(n)
exports.fail = () => { throw new RangeError('zwölf') }
exports.spin = () => { for (;;) ; }
exports.deep = () => { const f = (n) => f(n + 1) + 1; return f(0) }
exports.fill = () => { const all = []; for (;;) all.push(new Uint8Array(1 << 20)) }
exports.random = () => [Math.random(), crypto.getRandomValues(new Uint8Array(8))]
exports.now = () => Date.now()
exports.ask = () => System.oracle(() => 'y'.repeat(2000))
exports.wait = async () => { await new Promise((resolve) => setTimeout(resolve, 20)); return Date.now() }
exports.later = () => { setTimeout(async () => { await fs.writeFile('/fired', String(++count)) }, 30) }
exports.write = (path, content) => fs.writeFile(path, content)
exports.read = (path) => fs.readFile(path)
exports.list = () => fs.readdir('/', { recursive: true })
exports.remove = async (path) => { await fs.unlink(path) }
exports.half = async () => { await fs.writeFile('/never', 'x'); throw new Error('undone') }
exports.bytes = async () => { await fs.writeFile('/raw', Uint8Array.of(0xed, 0xa0, 0x80, 0x41, 0xe2, 0x82, 0xff)); return fs.readFile('/raw') }
exports.surrogate = () => System.oracle(new Function('return "\\ud800" + 1'))
`
let host: Host
let client: AnyClient

before(async () => {
  host = await Host.start(SCRIPT, '--fuel', '300', '--heap', '8m', '--image-entries', '12')
  client = await connect(host.place)
})

after(async () => {
  await client.$close()
  await stopAll()
})

// Files, traps, batches, long texts and lists, answers from outside, waits, a timer, images.
async function useAll(): Promise<void> {
  for (const path of ['/a', '/photos/é.png', '/photos/ê', '/photos-old', '/deep/er/x.json']) {
    await client.write(path, `content of ${path}`)
  }
  await client.write('/big', 'z'.repeat(5000))
  await client.list()
  await client.read('/photos/ê')
  await client.remove('/a')
  for (const method of ['fail', 'spin', 'deep', 'fill', 'half'] as const) {
    await assert.rejects(async () => client[method]())
  }
  await client.increment()
  await client.$batch([['increment', 2], ['fail'], ['write', '/b', 'in a batch'], ['increment', 3]])
  await client.long(40_000)
  await client.$batch(Array.from({ length: 40 }, () => ['long', 1000] as const))
  await client.random()
  await client.ask()
  await client.now()
  await client.wait()
  await client.later()
  // Nobody waits for this timer: it has an entry of its own.
  while ((await client.list()).includes('fired') === false) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await client.increment(1, 'x'.repeat(3000))
  await client.bytes()
  await client.surrogate()
  for (let i = 0; i < 15; i++) {
    await client.increment()
  }
}

async function javaReport(...options: string[]): Promise<Report> {
  const at = await mkdtemp(join(tmpdir(), 'glasshouse-report-'))
  await glass('verify', host.place, '--jobs', '1', '--json', join(at, 'report.json'), ...options)
  const report: Report = JSON.parse(await readFile(join(at, 'report.json'), 'utf8'))
  await rm(at, { recursive: true })
  return report
}

const withoutEngine = ({ report }: { report: Report }): unknown => ({ ...report, engine: '' })

let whole: Audit

test('an honest host is verified, and the report is that of glass verify', async () => {
  await useAll()
  const progress: Progress[] = []
  whole = await audit(host.place, { onProgress: (each) => progress.push(each) })
  assert.equal(whole.verdict, 'verified', JSON.stringify(whole.report, null, 1))
  assert.equal(whole.exitCode, 0)
  const { checked, trusted } = whole.report
  assert.ok(checked.images >= 3 && checked.timerTurns >= 1 && checked.files >= 6, JSON.stringify(checked))
  assert.ok(trusted.oracleAnswers >= 2 && trusted.entropy >= 1 && trusted.timerInputs >= 1)
  const java = await javaReport()
  assert.deepEqual(withoutEngine(whole), withoutEngine({ report: java }))
  const canonical = (report: Report): string => new TextDecoder().decode(reportJson({ ...report, engine: '' }))
  assert.equal(canonical(whole.report), canonical(java))
  const last = progress.at(-1) as Progress
  assert.deepEqual([last.phase, last.checked, last.replayed], ['files', last.size, last.size])
})

for (const level of ['receipt', 'hashes', 'signatures'] as const) {
  test(`level ${level} comes to what glass verify comes to`, async () => {
    assert.deepEqual(
      withoutEngine(await audit(host.place, { level })),
      withoutEngine({ report: await javaReport('--level', level) }),
    )
  })
}

test('an audit goes on where another ended, from an image', async () => {
  await client.increment()
  await client.later()
  await client.wait()
  const next = await audit(host.place, { start: whole.verified as NonNullable<Audit['verified']> })
  assert.equal(next.verdict, 'verified', JSON.stringify(next.report, null, 1))
  assert.equal(next.report.since, whole.report.checked.entries)
  assert.ok(next.report.checked.entries >= 3 && next.report.checked.calls === 3)
  const again = await audit(host.place, { start: next.verified as NonNullable<Audit['verified']> })
  assert.equal(again.report.checked.entries, 0)
  assert.equal(again.verdict, 'verified')
})

test('a replay may begin at an image that nobody has shown to be right, and says so', async () => {
  const found = await audit(host.place, { from: 'image' })
  assert.equal(found.verdict, 'verified')
  assert.equal(found.report.segment?.to, found.report.checked.entries)
  assert.ok((found.report.segment?.from ?? 0) > 0)
  assert.ok(found.report.checked.calls < found.report.checked.signatures)
  assert.equal(found.verified, undefined)
})

test('another log than the one that was named', async () => {
  const found = await audit(host.place, { log: '0'.repeat(64) })
  assert.deepEqual([found.verdict, found.report.divergence?.kind], ['divergence', 'WRONG_LOG'])
})

test('what is no log, or not there, is not decided', async () => {
  const gone = await audit('127.0.0.1:9', {})
  assert.deepEqual([gone.verdict, gone.exitCode], ['undecided', 3])
  assert.match(gone.report.obstacle ?? '', /cannot read/)
})

test('an audit can be ended', async () => {
  const abort = new AbortController()
  const running = audit(host.place, { signal: abort.signal })
  abort.abort(new Error('enough'))
  await assert.rejects(running, /enough/)
  await assert.rejects(audit(host.place, { signal: abort.signal }), /enough/)
})

test('an export is audited as files, and what was changed in it is found', async () => {
  const { Files } = await import('./static-server.js')
  const out = await folder()
  assert.equal((await glass('export', host.place, out)).code, 0)
  const files = await Files.serve(out)
  try {
    const found = await audit(files.url)
    assert.equal(found.verdict, 'verified', JSON.stringify(found.report, null, 1))
    assert.equal(found.report.checked.files, whole.report.checked.files)
    await writeFile(join(out, 'files', 'big'), 'zz')
    const changed = await audit(files.url, { level: 'hashes' })
    assert.equal(changed.report.divergence?.kind, 'PUBLISHED_FILES')
    assert.match(changed.report.divergence.actual, /^\/big of 2 bytes/)
    await rm(join(out, 'tile', 'entries'), { recursive: true })
    const withheld = await audit(files.url)
    assert.match(withheld.report.obstacle ?? '', /does not have \/tile\/entries\/000/)
  } finally {
    files.close()
    await rm(out, { recursive: true })
  }
})

test('the command says what glass verify says, and remembers', async () => {
  const home = await folder()
  const run = (...args: string[]) => runAt(home, ...args)
  const first = await run(host.place)
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /^Log [0-9a-f]{64}\nCall log verified\.\nOutput files verified\.\n\nChecked: /)
  const java = await glass('verify', host.place)
  assert.equal(java.said, first.out)
  const second = await run(host.place, '--json')
  const report: Report = JSON.parse(second.out)
  assert.equal(report.since, JSON.parse(second.out).since)
  assert.ok(report.since > 0 && report.checked.entries === 0)
  const key = ['--identity', join(host.home, 'host.key')]
  const signed = await run(host.place, '--json', ...key)
  const vouched = readSignedReport(encodeUtf8(signed.out.trimEnd()))
  assert.deepEqual([vouched.auditor, vouched.report], [host.key.id, JSON.parse(second.out)])
  assert.throws(() => readSignedReport(encodeUtf8(signed.out.trimEnd().replace('"entries":0', '"entries":1'))), UnverifiedError)
  const theirs = join(home, 'signed.json')
  await glass('verify', host.place, '--json', theirs, ...key)
  assert.equal(readSignedReport(new Uint8Array(await readFile(theirs))).auditor, host.key.id)
  assert.equal((await run(host.place, ...key)).code, 2)
  assert.equal((await run(host.place, '--log', '1'.repeat(64))).code, 1)
  assert.equal((await run(host.place, '--level', 'all')).code, 2)
  assert.equal((await run()).code, 2)
  assert.equal((await run('127.0.0.1:9')).code, 3)
  // Another log at this place is no continuation.

  await writeFile(join(home, 'hosts', host.place.replace(':', '_')), `${'2'.repeat(64)}\n`)
  const other = await run(host.place)
  assert.equal(other.code, 3)
  assert.match(other.err, /served log 2{64} before/)
  await rm(home, { recursive: true })
})
