import assert from 'node:assert/strict'
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'glasshouse-client'
import { audit } from 'glasshouse-verifier'
import { Host, folder, glass } from '../../../client/build/host/host.js'
import { stopAll } from '../../../client/build/host/running.js'
import { run } from './run.js'

const SCRIPT = `
exports.write = (path, content) => System.files.writeFile(path, content)
exports.remove = (path) => System.files.unlink(path)
`
let host: Host
let home: string
let out: string

before(async () => {
  home = await folder()
  out = join(home, 'out')
  host = await Host.start(SCRIPT, '--image-entries', '8')
  const client = await connect(host.place)
  for (const path of ['/a', '/photos/é.png', '/photos/b', '/deep/er/x.json', '/gone']) {
    await client['write'](path, `content of ${path}`)
  }
  await client['remove']('/gone')
  for (let i = 0; i < 20; i++) {
    await client['write']('/count', String(i))
  }
  await client.$close()
  assert.equal((await glass('export', host.place, out)).code, 0)
})

after(async () => {
  await stopAll()
  await rm(home, { recursive: true })
})

test('an export is audited as it lies, as glass verify does', async () => {
  const found = await audit(out)
  assert.equal(found.verdict, 'verified', JSON.stringify(found.report, null, 1))
  const first = await run(home, out)
  assert.equal(first.code, 0, first.err)
  assert.equal((await glass('verify', out)).said, first.out)
  // Remembered as the same log as at the host.
  const next = await run(home, host.place)
  assert.match(next.out, /^Before: {9}[0-9]+ entries verified/m)
})

test('what lies among the files is held against the log', async () => {
  const actual = async (): Promise<string | undefined> => {
    const found = await audit(out, { level: 'hashes' })
    const { divergence } = found.report
    return divergence?.kind === 'PUBLISHED_FILES' ? divergence.actual : undefined
  }
  await writeFile(join(out, 'files', 'extra'), '')
  const extra = await actual()
  assert.match(extra ?? '', /^\/ with \[.*extra/)
  const java = await glass('verify', out, '--level', 'hashes')
  assert.deepEqual([java.code, java.said.includes(`actual    ${extra}\n`)], [1, true], java.said)
  await rm(join(out, 'files', 'extra'))
  await writeFile(join(out, 'files', 'photos', 'b'), 'another')
  assert.match((await actual()) ?? '', /^\/photos\/b of 7 bytes/)
  // A link would show what lies elsewhere, be it the right bytes.
  await writeFile(join(home, 'b'), 'content of /photos/b')
  await rm(join(out, 'files', 'photos', 'b'))
  await symlink(join(home, 'b'), join(out, 'files', 'photos', 'b'))
  const linked = await audit(out, { level: 'hashes' })
  assert.equal(linked.report.obstacle, `${out} has no file /photos/b`)
  await rm(join(out, 'files', 'photos', 'b'))
  await writeFile(join(out, 'files', 'photos', 'b'), 'content of /photos/b')
  assert.equal((await audit(out, { level: 'hashes' })).verdict, 'verified')
})

test('an export without plain files is read from the blobs', async () => {
  const bare = join(home, 'bare')
  await cp(out, bare, { recursive: true })
  await rm(join(bare, 'files'), { recursive: true })
  await rm(join(bare, 'files.root'))
  assert.equal((await audit(bare, { level: 'hashes' })).verdict, 'verified')
})

test('a copy that is behind accuses nobody, and what it lacks is named', async () => {
  const client = await connect(host.place)
  await client['write']('/later', 'x')
  await client.$close()
  assert.equal((await run(home, host.place, '--level', 'hashes')).code, 0)
  const behind = await run(home, out)
  assert.equal(behind.code, 3)
  assert.match(behind.out, /out is a copy of [0-9]+ entries, and a newer checkpoint of [0-9]+ entries is known/)
  await rm(join(out, 'tile', 'entries'), { recursive: true })
  assert.equal((await audit(out)).report.obstacle, `${out} does not have tile/entries/000`)
})

test('what is no publication says what it is', async () => {
  await assert.rejects(audit(join(host.home, 'log')), /is the directory of a host, whose database this verifier does not read/)
  const empty = join(home, 'empty')
  await mkdir(empty)
  await assert.rejects(audit(empty), /is a directory, but holds no log/)
  const missing = await run(home, `${home}/missing`)
  assert.equal(missing.code, 2)
  assert.match(missing.err, /is neither a host nor a directory that is there/)
})
