import type { Identity } from 'glasshouse-client'
import {
  MalformedError,
  Members,
  PublicKey,
  UnverifiedError,
  concat,
  decodeUtf8,
  encodeUtf8,
  formatJson,
  fromBase64,
  parseJson,
  toBase64,
} from 'glasshouse-formats'
import { type Report, reportJson } from './report.js'

const MAX_BYTES = 16 * 2 ** 20
const DOMAIN = encodeUtf8('glasshouse/report/v1\n')

/** A report as its auditor vouches for it: canonical JSON with a signature (formats.md, section 18). */
export async function signReport(report: Report, auditor: Identity): Promise<Uint8Array> {
  const json = reportJson(report)
  const signature = toBase64(await auditor.sign(concat(DOMAIN, json)))
  return formatJson(new Map([['key', auditor.id], ['report', parseJson(json)], ['signature', signature]]))
}

/**
 * Reads a report with its auditor's signature: it is worth what the auditor is.
 *
 * @throws MalformedError if it is no signed report
 * @throws UnverifiedError if the signature does not hold
 */
export function readSignedReport(bytes: Uint8Array): { auditor: string; report: Report } {
  const members = Members.of('signed report', parseJson(bytes, MAX_BYTES))
  const auditor = PublicKey.parse(members.string('key'))
  const signature = fromBase64(members.string('signature'))
  const report = members.any('report')
  members.end()
  if (!(report instanceof Map)) {
    throw new MalformedError('a signed report has key, report and signature')
  }
  const json = formatJson(report)
  if (!auditor.verify(concat(DOMAIN, json), signature)) {
    throw new UnverifiedError(`the report is not signed by ${auditor.format()}`)
  }
  return { auditor: auditor.format(), report: JSON.parse(decodeUtf8(json)) }
}
