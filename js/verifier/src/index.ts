/** Audits a host: downloads its log, checks it, and replays every call in the same interpreter. */
export { audit } from './audit.js'
export { auditInWorker } from './audit-in-worker.js'
export type { CallResult, DivergedCall, DivergedFile, Divergence, DivergenceKind } from './divergence.js'
export { SENTENCES as DIVERGENCE_SENTENCES } from './divergence.js'
export type { Audit, AuditOptions, Progress } from './options.js'
export {
  LEVELS,
  type Level,
  type Report,
  type ReportVerdict,
  type Segment,
  type Witnessed,
  reportJson,
} from './report.js'
export { readSignedReport, signReport } from './signed-report.js'
export { type Verified, formatVerified, parseVerified } from './verified.js'
export { type WatchOptions, watch } from './watch.js'
