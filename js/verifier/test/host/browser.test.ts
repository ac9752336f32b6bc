import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'glasshouse-client'
import { publicKeyOf } from 'glasshouse-formats'
import { type Report, audit } from 'glasshouse-verifier'
import { Host, folder, glass } from '../../../client/build/host/host.js'
import { stopAll } from '../../../client/build/host/running.js'
import { vkeyOf } from '../../../client/build/host/witness.js'
import { hasBrowser, inBrowser } from './browser.js'
import { Files } from './static-server.js'

const skip = !hasBrowser && 'there is no Chromium here; $CHROMIUM names one'

let host: Host

before(async () => {
  if (hasBrowser) {
    host = await Host.start('persistent-counter.js', '--image-entries', '10')
    const client = await connect(host.place)
    for (let i = 0; i < 30; i++) {
      await client.increment()
    }
    await client.$close()
  }
})

after(stopAll)

interface Found {
  readonly verdict: string
  readonly report: Report
  readonly phases: readonly string[]
}

const found = async (place: string, options = '{}'): Promise<Found> => {
  const answer = await inBrowser(`
    const { audit } = await import('/verifier/dist/index.js')
    const phases = new Set()
    const onProgress = ({ phase }) => phases.add(phase)
    const { verdict, report } = await audit('${place}', { ...${options}, onProgress })
    await done({ verdict, report, phases: [...phases] })
  `)
  assert.ok((answer as { report?: unknown }).report, JSON.stringify(answer))
  return answer as Found
}

test('a tab comes to what Node comes to', { skip }, async () => {
  const { verdict, report, phases } = await found(host.place)
  assert.equal(verdict, 'verified')
  const here = await audit(host.place)
  assert.deepEqual({ ...report, engine: '' }, { ...here.report, engine: '' })
  assert.equal(report.engine, 'browser')
  assert.ok(phases.includes('replay') && phases.includes('files'), phases.join())
})

test('a page may start the worker itself', { skip }, async () => {
  const answer = await inBrowser(`
    const { auditInWorker } = await import('/verifier/dist/audit-in-worker.js')
    const worker = new Worker('/verifier/dist/worker.js', { type: 'module' })
    await done(await auditInWorker(worker, '${host.place}', { level: 'signatures' }))
  `)
  assert.equal((answer as Found).verdict, 'verified', JSON.stringify(answer))
})

test('a tab asks witnesses, and watches', { skip }, async () => {
  const vkey = vkeyOf('example.com/nobody', 4, publicKeyOf(new Uint8Array(32)))
  const answer = await inBrowser(`
    const { watch } = await import('/verifier/dist/index.js')
    const verdicts = []
    const stop = new AbortController()
    const policy = 'witness nobody ${vkey}\\nquorum nobody\\n'
    for await (const { verdict, report } of watch('${host.place}', { policy, signal: stop.signal })) {
      verdicts.push([verdict, report.obstacle])
      stop.abort()
    }
    for await (const { verdict } of watch('${host.place}', { level: 'signatures' })) {
      verdicts.push([verdict, null])
      break
    }
    await done(verdicts)
  `)
  assert.deepEqual(answer, [
    ['undecided', 'the quorum of witnesses is not met: 0 that count have cosigned'],
    ['verified', null],
  ])
})

test('a tab finds what was changed', { skip }, async () => {
  const out = await folder()
  assert.equal((await glass('export', host.place, out)).code, 0)
  const files = await Files.serve(out)
  try {
    await writeFile(join(out, 'files', 'counter'), 'another')
    const { verdict, report } = await found(files.url)
    assert.deepEqual([verdict, report.divergence?.kind], ['divergence', 'PUBLISHED_FILES'])
  } finally {
    files.close()
    await rm(out, { recursive: true })
  }
})
