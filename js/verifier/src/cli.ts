#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { GlasshouseError, HostAddress } from 'glasshouse-client/host'
import { FileStore } from 'glasshouse-client/node'
import { type Hash, Checkpoint, MalformedError, Note, leafHash } from 'glasshouse-formats'
import { audit } from './audit.js'
import { AuditMemory } from './audit-memory.js'
import { HttpLogReader } from './http-log-reader.js'
import type { Audit, AuditOptions, Progress } from './options.js'
import { LEVELS, type Level, reportJson } from './report.js'
import { printable, reportText } from './report-text.js'

const USAGE = `Usage: glasshouse-verifier HOST [--log LOGID] [--level LEVEL] [--files ROOT]
                           [--from-genesis | --from-image] [--json] [--evidence FILE]

Downloads a host's log, replays it here, and compares.
HOST is HOST[:PORT], HOST:PORT/NAME, or the URL of a host or of an export of its log.

  --log LOGID      the log that must be there
  --level LEVEL    receipt, hashes, signatures or replay (default)
  --files ROOT     the archive root that the log must come to
  --from-genesis   verify again what an earlier audit has verified
  --from-image     replay from the newest image only, which nobody here shows to be right
  --json           write the report as JSON to the standard output
  --evidence FILE  where to write what can be held against the host

Exit codes: 0 verified, 1 divergence, 2 usage, 3 could not decide, 4 proved misbehaviour
`
const USAGE_ERROR = 2
const UNDECIDED = 3

interface Words {
  host: string
  log?: string
  level?: Level
  files?: string
  from?: 'genesis' | 'image'
  isJson: boolean
  evidence?: string
}

class UsageError extends Error {}

async function main(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE)
    return 0
  }
  const words = parse(args)
  const memory = new AuditMemory(new FileStore(), (text) => process.stderr.write(`${printable(text)}\n`))
  const found = await audited(words, memory)
  if (words.isJson) {
    process.stdout.write(`${new TextDecoder().decode(reportJson(found.report))}\n`)
  } else {
    process.stdout.write(reportText(words.host, found))
  }
  await memory.keep(words.host, found)
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

async function audited(words: Words, memory: AuditMemory): Promise<Audit> {
  const { host, log, level, files, from } = words
  const served = await servedLog(host)
  const known = served === undefined ? {} : await memory.begin(host, log, served)
  const progress = process.stderr.isTTY ? showProgress() : undefined
  const options: AuditOptions = {
    ...(log === undefined ? {} : { log }),
    ...known,
    ...(level === undefined ? {} : { level }),
    ...(files === undefined ? {} : { files }),
    ...(from === undefined ? {} : { from }),
    ...(progress === undefined ? {} : { onProgress: progress.show }),
  }
  try {
    return await audit(host, options)
  } finally {
    progress?.clear()
  }
}

// Whose memory is needed is known before the audit; whether it is true, the audit says.
async function servedLog(host: string): Promise<Hash | undefined> {
  const reader = new HttpLogReader(host, fetch, undefined)
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

function parse(args: string[]): Words {
  const words: Partial<Words> & { isJson: boolean } = { isJson: false }
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const value = (): string => {
      const next = rest.shift()
      if (next === undefined) {
        throw new UsageError(`${word} takes a value`)
      }
      return next
    }
    switch (word) {
      case '--log':
        words.log = hex(word, value())
        break
      case '--files':
        words.files = hex(word, value())
        break
      case '--level':
        words.level = levelOf(value())
        break
      case '--from-genesis':
      case '--from-image':
        words.from = word === '--from-image' ? 'image' : 'genesis'
        break
      case '--json':
        words.isJson = true
        break
      case '--evidence':
        words.evidence = value()
        break
      default:
        if (word.startsWith('-') || words.host !== undefined) {
          throw new UsageError(`"${word}" is not understood`)
        }
        words.host = word
    }
  }
  if (words.host === undefined) {
    throw new UsageError('Name what to audit')
  }
  try {
    HostAddress.parse(words.host)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  return words as Words
}

function levelOf(word: string): Level {
  const level = LEVELS.find((each) => each === word)
  if (level === undefined) {
    throw new UsageError(`--level is receipt, hashes, signatures or replay, not "${word}"`)
  }
  return level
}

function hex(option: string, word: string): string {
  if (!/^[0-9a-f]{64}$/.test(word)) {
    throw new UsageError(`${option} takes 64 hex digits`)
  }
  return word
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
