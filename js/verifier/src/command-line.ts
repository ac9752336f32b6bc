import { readFile, stat } from 'node:fs/promises'
import { Identity } from 'glasshouse-client'
import { HostAddress } from 'glasshouse-client/host'
import { Policy } from 'glasshouse-formats'
import { platform } from '#platform'
import { LEVELS, type Level } from './report.js'

export const USAGE = `Usage: glasshouse-verifier HOST|DIR|URL [--log LOGID] [--level LEVEL] [--files ROOT]
                           [--from-genesis | --from-image] [--watch] [--policy FILE [--max-age DURATION]]
                           [--json [--identity KEYFILE]] [--evidence FILE]

Downloads a host's log, replays it here, and compares.
HOST is HOST[:PORT] or HOST:PORT/NAME; at a URL, or in a directory, is a host, an export or a mirror.

  --log LOGID      the log that must be there
  --level LEVEL    receipt, hashes, signatures or replay (default)
  --files ROOT     the archive root that the log must come to
  --from-genesis   verify again what an earlier audit has verified
  --from-image     replay from the newest image only, which nobody here shows to be right
  --watch          go on with each newer checkpoint, until Ctrl-C
  --policy FILE    demand that the quorum of this policy's witnesses has cosigned the log, and that
                   entry times agree with theirs
  --max-age DURATION  how old the newest cosignature may be, such as 90s or 10m (default: any age)
  --json           write the report as JSON to the standard output
  --identity KEYFILE  sign the JSON report with this key
  --evidence FILE  where to write what can be held against the host

Exit codes: 0 verified, 1 divergence, 2 usage, 3 could not decide, 4 proved misbehaviour
`

/** What is asked for on the command line. */
export interface Words {
  host: string
  log?: string
  level?: Level
  files?: string
  from?: 'genesis' | 'image'
  policy?: { readonly bytes: Uint8Array; readonly parsed: Policy }
  maxAgeMillis?: number
  isWatch: boolean
  isJson: boolean
  identity?: Identity
  evidence?: string
}

/** What is asked for makes no sense. */
export class UsageError extends Error {}

/** Reads the command line. */
export async function readWords(args: readonly string[]): Promise<Words> {
  const words: Partial<Words> & Pick<Words, 'isJson' | 'isWatch'> = { isJson: false, isWatch: false }
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
      case '--policy':
        words.policy = await readPolicy(value())
        break
      case '--max-age':
        words.maxAgeMillis = millisOf(value())
        break
      case '--watch':
        words.isWatch = true
        break
      case '--json':
        words.isJson = true
        break
      case '--identity':
        words.identity = await readIdentity(value())
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
  return fitting(words)
}

async function fitting(words: Partial<Words> & Pick<Words, 'isJson' | 'isWatch'>): Promise<Words> {
  const { host, isWatch, isJson, from, maxAgeMillis, policy, identity } = words
  if (host === undefined) {
    throw new UsageError('Name what to audit')
  }
  if (maxAgeMillis !== undefined && policy === undefined) {
    throw new UsageError('--max-age is of cosignatures; say whose with --policy')
  }
  if (identity !== undefined && !isJson) {
    throw new UsageError('--identity signs the report, which --json writes')
  }
  if (isWatch && from === 'image') {
    throw new UsageError('--from-image is of one audit, and --watch of many')
  }
  if (!(await platform.isDirectory(host))) {
    try {
      HostAddress.parse(host)
    } catch {
      throw new UsageError(
        `${host} is neither a host nor a directory that is there; write HOST, HOST:PORT[/NAME], DIR or http://HOST[:PORT]/PATH`,
      )
    }
  }
  return { ...words, host }
}

async function readPolicy(file: string): Promise<NonNullable<Words['policy']>> {
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await readFile(file))
  } catch (error) {
    throw new UsageError(`cannot read the policy: ${(error as Error).message}`)
  }
  try {
    return { bytes, parsed: Policy.parse(bytes) }
  } catch (error) {
    throw new UsageError(`${file} is no policy: ${(error as Error).message}`)
  }
}

async function readIdentity(file: string): Promise<Identity> {
  try {
    const identity = Identity.fromOpenSSH(await readFile(file, 'utf8'))
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
      process.stderr.write(`Warning: others can read the key ${file}; run chmod 600 on it, or make a new one.\n`)
    }
    return identity
  } catch (error) {
    throw new UsageError(`cannot read the key ${file}: ${(error as Error).message}`)
  }
}

function levelOf(word: string): Level {
  const level = LEVELS.find((each) => each === word)
  if (level === undefined) {
    throw new UsageError(`--level is receipt, hashes, signatures or replay, not "${word}"`)
  }
  return level
}

function millisOf(word: string): number {
  const [, digits, unit] = /^([0-9]{1,12})(ms|s|m)$/.exec(word) ?? []
  if (digits === undefined) {
    throw new UsageError(`"${word}" is no duration such as 500ms, 10s or 2m`)
  }
  return Number(digits) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000)
}

function hex(option: string, word: string): string {
  if (!/^[0-9a-f]{64}$/.test(word)) {
    throw new UsageError(`${option} takes 64 hex digits`)
  }
  return word
}
