import { parentPort } from 'node:worker_threads'
import type { AuditRequest } from '../../dist/audit-run.js'

// Inside of the package: the replay shares this thread, so that hundreds of audits compile one
// interpreter.
const inside = (name: string): Promise<any> => import(new URL(`../../dist/${name}.js`, import.meta.url).href)
const { AuditRun } = await inside('audit-run')
const { HttpLogReader } = await inside('http-log-reader')
const { Signatures } = await inside('signatures')
const { replayHere } = await inside('replay-client')
const { witnessDemand } = await inside('witness-hearing')
const signatures = await Signatures.open()

interface Told {
  readonly place: string
  readonly known: AuditRequest
  readonly level: string
  readonly now: number | undefined
}

async function audited({ place, known, level, now }: Told): Promise<unknown> {
  const reader = new HttpLogReader(place, fetch, undefined)
  const demand = await witnessDemand(known, () => now)
  const run = new AuditRun(reader, { ...known, level }, demand, signatures, () => undefined, replayHere)
  try {
    return await run.run()
  } finally {
    run.close()
  }
}

parentPort?.on('message', (told: Told) => {
  audited(told)
    .then((audit) => parentPort?.postMessage({ audit }))
    .catch((error: Error) => parentPort?.postMessage({ error: error.stack }))
})
