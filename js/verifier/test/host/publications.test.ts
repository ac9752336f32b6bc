import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { Audit, Report } from 'glasshouse-verifier'
import { judgeEvidence, parseEvidence } from 'glasshouse-formats'
import { type Publication, FOLDER, Publisher, publications } from './publications.js'

// What the tests of the Java verifier have audited, lies and honest logs alike: this verifier must
// come to the same. They are there after `mvn verify` (or `mvn -pl verifier -am verify`).
const all = await publications()
let publisher: Publisher
const audited = new Map<string, Promise<Audit>>()

before(async () => {
  publisher = await Publisher.open(all)
  const workers = [auditor(), auditor()]
  all.forEach((each, i) => {
    audited.set(each.name, (workers[i % workers.length] as Auditor)(each))
  })
})

after(() => publisher.close())

type Auditor = (publication: Publication) => Promise<Audit>

// One after another in a thread that has the stack that a guest may need.
function auditor(): Auditor {
  const worker = new Worker(new URL('./publication-worker.js', import.meta.url), {
    resourceLimits: { stackSizeMb: 16 },
  })
  worker.unref()
  let turn: Promise<unknown> = Promise.resolve()
  return (publication) => {
    const next = turn.then(async () => {
      const { known, level, now } = publication
      worker.postMessage({ place: publisher.place(publication), known, level, now })
      const [answer] = (await once(worker, 'message')) as [{ audit?: Audit; error?: string }]
      assert.equal(answer.error, undefined)
      return answer.audit as Audit
    })
    turn = next.catch(() => undefined)
    next.catch(() => undefined)
    return next
  }
}

test('there are publications of the Java tests', { skip: all.length === 0 && `none in ${FOLDER}` }, () => {
  const kinds = new Set(all.map(({ report }) => report.divergence?.kind))
  const some = ['OUTCOME', 'FUEL', 'FILES', 'CHAIN', 'SIGNATURE', 'ADMISSION', 'TREE', 'HEAP', 'FORK', 'TIME'] as const
  for (const kind of some) {
    assert.ok(kinds.has(kind), `no lie leads to ${kind}`)
  }
  assert.ok(kinds.has(undefined))
  assert.ok(all.some(({ report }) => report.witnesses?.met && report.witnesses.between > 0))
})

for (const publication of all) {
  const { name, report } = publication
  test(`${name}: ${report.divergence?.kind ?? report.verdict}`, async () => {
    const audit = (await audited.get(name)) as Audit
    assert.deepEqual(told(audit.report), told(report), audit.report.obstacle ?? '')
    if (report.verdict === 'verified') {
      assert.deepEqual(audit.cosigned, publication.keep)
    }
    if (audit.verdict === 'misbehaviour') {
      assert.ok(judgeEvidence(parseEvidence(new TextEncoder().encode(audit.evidence))).proved)
    }
  })
}

// All of a report that does not depend on how far the log was read ahead of a finding, and no text
// of a parser's.
function told(report: Report): unknown {
  const { verdict, level, log, host, debug, checkpoint, divergence, filesRoot, filesDigest, since } = report
  const { witnesses } = report
  // What kept it from a verdict may be the witnesses alone.
  const isWhole = verdict === 'verified' || (report.obstacle !== null && witnesses?.obstacle === report.obstacle)
  // A guest that begins at an image asks for some that others derive, and this one begins none for nothing.
  const checked = since > 0 ? { ...report.checked, blobs: 0 } : report.checked
  return {
    ...{ verdict, level, log, host, debug, checkpoint, since, hasObstacle: report.obstacle !== null },
    witnesses: witnesses && { ...witnesses, ...(isWhole ? {} : { between: 0, widest: 0 }) },
    ...(isWhole ? { filesRoot, filesDigest, checked, trusted: report.trusted } : {}),
    divergence: divergence?.kind === 'MALFORMED' ? { ...divergence, actual: '' } : divergence,
  }
}
