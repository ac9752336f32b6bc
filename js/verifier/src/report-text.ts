import { SENTENCES } from './divergence.js'
import type { Audit } from './options.js'
import type { Report } from './report.js'

const MAX_LINE = 200

/**
 * What an audit came to, for people, as `glass verify` says it; nothing of it can move a terminal's
 * cursor.
 *
 * @param source what was audited, as the user named it
 */
export function reportText(source: string, { report, verdict }: Audit): string {
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
  return [...lines, '', ...countLines(report), ''].join('\n')
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

function countLines({ checked, trusted, ...report }: Report): string[] {
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

// What most logs have none of.
function ifAny(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [plural(count, one, many)]
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
