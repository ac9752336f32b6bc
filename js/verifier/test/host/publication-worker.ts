import { parentPort } from 'node:worker_threads'
import type { AuditRequest } from '../../dist/audit-run.js'

// Inside of the package: the replay shares this thread, so that hundreds of audits compile one
// interpreter.
const inside = (name: string): Promise<any> => import(new URL(`../../dist/${name}.js`, import.meta.url).href)
const { AuditRun } = await inside('audit-run')
const { HttpLogReader } = await inside('http-log-reader')
const { Signatures } = await inside('signatures')
const { replayHere } = await inside('replay-client')
const signatures = await Signatures.open()

parentPort?.on('message', ({ place, known, level }: { place: string; known: AuditRequest; level: string }) => {
  const reader = new HttpLogReader(place, fetch, undefined)
  new AuditRun(reader, { ...known, level }, signatures, () => undefined, replayHere)
    .run()
    .then((audit: unknown) => parentPort?.postMessage({ audit }))
    .catch((error: Error) => parentPort?.postMessage({ error: error.stack }))
})
