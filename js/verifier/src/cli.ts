#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { GlasshouseError } from 'glasshouse-client/host'
import { FileStore } from 'glasshouse-client/node'
import { type Hash, Checkpoint, MalformedError, Note, leafHash } from 'glasshouse-formats'
import { audit } from './audit.js'
import { AuditMemory } from './audit-memory.js'
import { USAGE, UsageError, type Words, readWords } from './command-line.js'
import type { Audit, AuditOptions, Progress } from './options.js'
import { reportJson } from './report.js'
import { printable, reportText } from './report-text.js'
import { signReport } from './signed-report.js'
import { openSource, placeOf } from './source.js'
import { watch } from './watch.js'

const USAGE_ERROR = 2
const UNDECIDED = 3
// What a shell reports of a process that a signal ended.
const INTERRUPTED = 130

async function main(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE)
    return 0
  }
  const words = await readWords(args)
  const place = await placeOf(words.host)
  const memory = new AuditMemory(new FileStore(), place, (text) => process.stderr.write(`${printable(text)}\n`))
  const options = await optionsOf(words, memory)
  const found = words.isWatch ? await watched(words, options, memory) : await audited(words.host, options)
  if (found === undefined) {
    process.stderr.write('Ended before anything was audited.\n')
    return UNDECIDED
  }
  if (words.isJson) {
    const json = words.identity === undefined ? reportJson(found.report) : await signReport(found.report, words.identity)
    process.stdout.write(`${new TextDecoder().decode(json)}\n`)
  } else {
    process.stdout.write(reportText(words.host, found, words.policy?.parsed))
  }
  await memory.keep(found)
  if (found.evidence !== undefined) {
    const file = words.evidence ?? (await memory.keepEvidence(found.evidence))
    if (words.evidence !== undefined) {
      await writeFile(file, found.evidence)
    }
    if (!words.isJson) {
      process.stdout.write(`Evidence:       glass verify --evidence ${file}\n`)
    }
  }
  return found.exitCode
}

async function optionsOf(words: Words, memory: AuditMemory): Promise<AuditOptions> {
  const { host, log, level, files, from, policy, maxAgeMillis } = words
  const served = await servedLog(host)
  return {
    ...(log === undefined ? {} : { log }),
    ...(served === undefined ? {} : await memory.begin(log, served)),
    ...(level === undefined ? {} : { level }),
    ...(files === undefined ? {} : { files }),
    ...(from === undefined ? {} : { from }),
    ...(policy === undefined ? {} : { policy: policy.bytes }),
    ...(maxAgeMillis === undefined ? {} : { maxAgeMillis }),
  }
}

async function audited(host: string, options: AuditOptions): Promise<Audit> {
  const progress = process.stderr.isTTY ? showProgress() : undefined
  try {
    return await audit(host, { ...options, ...(progress === undefined ? {} : { onProgress: progress.show }) })
  } finally {
    progress?.clear()
  }
}

// Until Ctrl-C: the last that was audited, and what is audited first is audited to its end.
async function watched(words: Words, { from, ...options }: AuditOptions, memory: AuditMemory): Promise<Audit | undefined> {
  const stop = new AbortController()
  let last: Audit | undefined
  let isStopped = false
  const stopped = (): void => {
    if (isStopped) {
      process.exit(INTERRUPTED)
    }
    isStopped = true
    if (last !== undefined) {
      stop.abort()
    }
  }
  process.on('SIGINT', stopped).on('SIGTERM', stopped)
  const line = (text: string): void => void (words.isJson ? process.stderr : process.stdout).write(`${text}\n`)
  const all = from === 'genesis' ? { from } : {}
  for await (const found of watch(words.host, { ...options, ...all, signal: stop.signal })) {
    last = found
    if (found.report.verdict === 'verified') {
      await memory.keep(found)
      line(`Verified ${sizeOf(found)} entries.`)
    } else if (found.report.verdict === 'undecided') {
      process.stderr.write(`Waiting: ${printable(found.report.obstacle ?? '')}\n`)
    }
    if (isStopped) {
      break
    }
  }
  return last
}

function sizeOf({ report }: Audit): bigint {
  return Checkpoint.parse(Note.parseText(report.checkpoint as string).text).head.size
}

// Whose memory is needed is known before the audit; whether it is true, the audit says.
async function servedLog(host: string): Promise<Hash | undefined> {
  const reader = await openSource(host, undefined)
  try {
    const { size } = Checkpoint.parse(Note.parse(await reader.checkpoint()).text).head
    const [genesis] = size === 0n ? [] : await reader.entries(0, Number(size))
    return genesis && leafHash(genesis)
  } catch (error) {
    if (error instanceof GlasshouseError || error instanceof MalformedError || error instanceof RangeError) {
      return undefined
    }
    throw error
  }
}

function showProgress(): { show(progress: Progress): void; clear(): void } {
  return {
    show: ({ phase, checked, replayed, size }) => {
      const what = phase === 'files' ? 'comparing files' : `${checked} checked, ${replayed} replayed`
      process.stderr.write(`\r\u001b[K${what} of ${size} entries`)
    },
    clear: () => process.stderr.write('\r\u001b[K'),
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: Error) => {
    const isUsage = error instanceof UsageError
    process.stderr.write(`${printable(error.message)}\n${isUsage ? `\n${USAGE}` : ''}`)
    process.exitCode = isUsage ? USAGE_ERROR : UNDECIDED
  },
)
