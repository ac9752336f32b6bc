import { ageText, quorumText } from 'glasshouse-client/host'
import { Checkpoint, Note, type Policy } from 'glasshouse-formats'
import { SENTENCES } from './divergence.js'
import type { Audit } from './options.js'
import type { Report, Witnessed } from './report.js'

const MAX_LINE = 200

/**
 * What an audit came to, for people, as `glass verify` says it; nothing of it can move a terminal's
 * cursor.
 *
 * @param source what was audited, as the user named it
 * @param policy what gives its witnesses their names
 */
export function reportText(source: string, { report, verdict }: Audit, policy?: Policy): string {
  const lines = report.log === null ? [] : [`Log ${report.log}`]
  if (verdict === 'verified') {
    lines.push(...verifiedLines(report))
  } else if (verdict === 'undecided') {
    const why =
      report.divergence === null
        ? `${report.obstacle}`
        : `${source} publishes no call log: ${report.divergence.actual}`
    lines.push(`Could not finish: ${printable(why)}`)
  } else {
    lines.push(...divergenceLines(report))
  }
  return [...lines, '', ...countLines(report, policy), ''].join('\n')
}

/** A text in which what could move a cursor is replaced. */
export function printable(text: string): string {
  // Several scripts and many emoji are written with two of the format characters.
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu, '\ufffd')
}

function verifiedLines(report: Report): string[] {
  if (report.segment !== null) {
    return [
      `Hashes and signatures verified. Calls were replayed from entry ${report.segment.from} on, from an image that nobody here has shown to be right.`,
      'Output files verified.',
    ]
  }
  switch (report.level) {
    case 'receipt':
      return ['Checkpoint verified. No entry was looked at.']
    case 'hashes':
      return ['Hashes verified. Neither signatures nor calls were checked.']
    case 'signatures':
      return ['Hashes and signatures verified. No call was replayed.']
    case 'replay':
      return ['Call log verified.', 'Output files verified.']
  }
}

function divergenceLines(report: Report): string[] {
  const found = report.divergence
  if (found === null) {
    return []
  }
  const method = found.method === null ? '' : ` (method ${found.method})`
  const lines = [
    `NOT VERIFIED: ${SENTENCES[found.kind]}.`,
    `  at entry  ${found.index}${printable(method)}`,
    `  expected  ${printable(found.expected)}`,
    `  actual    ${printable(found.actual)}`,
  ]
  const { call } = found
  if (call !== null) {
    if (call.method !== null) {
      lines.push(line('call', `${(call.position ?? 0) + 1} of ${call.of}: ${cut(`${call.method} ${call.params}`)}`))
    } else if (call.of > 0) {
      lines.push(line('call', `one of ${call.of}`))
    }
    lines.push(...call.inputs.map((input) => line('input', cut(input))))
    if (call.expected !== null && call.expected.fuel !== call.actual?.fuel) {
      lines.push(line('fuel', `${call.expected.fuel} expected, ${call.actual?.fuel} in the log`))
    }
    if (call.expectedWrites !== null && call.expectedWrites !== call.actualWrites) {
      lines.push(line('writes', `${call.expectedWrites} expected, ${call.actualWrites} in the log`))
    }
  }
  for (const { path, diff } of found.files) {
    if (diff.length > 0) {
      lines.push(`  --- ${printable(path)} as it must be`, `  +++ ${printable(path)} as the log has it`)
      lines.push(...diff.map((each) => `  ${printable(each.replaceAll('\t', ' '))}`))
    }
  }
  if (report.verdict === 'misbehaved') {
    lines.push('The host has signed this: it is proved.')
  }
  return lines
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(10)}${printable(text)}`
}

function cut(text: string): string {
  return text.length <= MAX_LINE ? text : `${text.slice(0, MAX_LINE)}\u2026`
}

function countLines({ checked, trusted, ...report }: Report, policy: Policy | undefined): string[] {
  const lines: string[] = []
  if (report.since > 0) {
    lines.push(
      `Before:         ${plural(report.since, 'entry', 'entries')} verified by an earlier audit (--from-genesis checks them again)`,
    )
  }
  lines.push(
    `Checked:        ${[
      plural(checked.entries, 'entry', 'entries'),
      plural(checked.signatures, 'signature', 'signatures'),
      `${plural(checked.calls, 'call', 'calls')} replayed`,
      ...ifAny(checked.timerTurns, 'timer replayed', 'timers replayed'),
      ...ifAny(checked.images, 'heap image', 'heap images'),
      `${plural(checked.files, 'file', 'files')} of ${plural(checked.fileBytes, 'byte', 'bytes')}`,
    ].join(', ')}`,
  )
  if (report.filesDigest !== null) {
    lines.push(`Files:          ${report.filesDigest}`)
  }
  if (report.witnesses !== null && report.checkpoint !== null) {
    lines.push(...witnessLines(report.witnesses, sizeOf(report.checkpoint), policy))
  }
  lines.push(
    `Taken on trust: ${[
      plural(trusted.oracleAnswers, 'oracle answer', 'oracle answers'),
      plural(trusted.entropy, 'random seed', 'random seeds'),
      plural(trusted.times, 'entry time', 'entry times'),
      ...ifAny(trusted.timerInputs, 'time of a timer', 'times of timers'),
      ...ifAny(trusted.aborts, 'turn ended by the watchdog', 'turns ended by the watchdog'),
      'the order of calls before they were logged',
    ].join(', ')}`,
  )
  if (report.debug) {
    const unsigned = plural(trusted.unsignedCalls, 'unsigned call', 'unsigned calls')
    lines.push(`                ${unsigned}: this is a debug host, its callers are not authenticated`)
  }
  return lines
}

function witnessLines(said: Witnessed, newest: bigint, policy: Policy | undefined): string[] {
  const names = new Map(policy?.witnesses.map(({ name, key }) => [key.format(), name]))
  const witnesses = said.witnesses.map((each) => ({ ...each, name: names.get(each.key) ?? each.key }))
  const quorum =
    said.checkpoint === null ? 'quorum not met' : quorumText(said.met, sizeOf(said.checkpoint), newest, witnesses)
  const lines = [`Witnesses:      ${printable(quorum + (said.age === null ? '' : `, ${ageText(said.age)} ago`))}`]
  if (said.between > 0) {
    const times = plural(said.between, 'entry time', 'entry times')
    lines.push(`                ${times} between cosignatures that are at most ${ageText(said.widest)} apart`)
  }
  return lines
}

function sizeOf(note: string): bigint {
  return Checkpoint.parse(Note.parseText(note).text).head.size
}

// What most logs have none of.
function ifAny(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [plural(count, one, many)]
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
