import {
  type AnyClient,
  CaughtHostError,
  ConnectionError,
  type Identity,
  IndexedDbStore,
  UnverifiableError,
  WrongLogError,
  connect,
} from 'glasshouse-client'
import { HostAddress, Published, withBlobs } from 'glasshouse-client/host'
import {
  type GenesisEntry,
  MalformedError,
  Note,
  SignedCheckpoint,
  type TreeHead,
  leafHash,
  parseEntry,
  parseGuestJson,
  readText,
} from 'glasshouse-formats'
import { type LogSource, openCopy } from './copy.js'
import { Entries } from './log/entries.js'
import { LogScan } from './log/scan.js'
import { sentenceOf } from './text.js'

const LOOK_MILLIS = 1000
const LOOK_HIDDEN_MILLIS = 10_000

/** What the console keeps for its visitor: key, checkpoints, evidence. */
export const store = new IndexedDbStore()

/**
 * What a host publishes, through the browser's cache: most of it never changes. The checkpoint does.
 */
function publishedAt(address: HostAddress): Published {
  const newest = address.http('/checkpoint')
  return new Published(address, (url, options) =>
    fetch(url, { ...options, cache: url === newest ? 'no-store' : 'default' }),
  )
}

/** Where the module of this page is: what the page's own address begins with. */
export function ownAddress(): HostAddress {
  return HostAddress.parse(new URL('.', document.baseURI).href)
}

/**
 * The host of this page, and the newest tree of its log that was verified. It looks for a newer one
 * every second, and tells whoever subscribed.
 */
export class Host {
  /** Whether the host gave a tree that could be verified when it was last asked. */
  isReachable = true
  /** How many times it was reachable again: what has failed meanwhile may be asked for once more. */
  returns = 0
  /** Why it is not reachable. */
  trouble = ''
  /** What the host was caught at; from then on nothing of it is taken any more. */
  caught: CaughtHostError | undefined
  head: TreeHead
  readonly entries: Entries
  readonly scan: LogScan
  private checkpoint: string
  private readonly subscribers = new Set<() => void>()

  private constructor(
    /** Undefined for a copy, which takes no calls. */
    readonly client: AnyClient | undefined,
    private readonly source: LogSource,
    readonly published: Published,
    readonly address: HostAddress,
    readonly genesis: GenesisEntry,
    /** The exported methods, and how many parameters each declares: from the genesis entry, which the log's id pins. */
    readonly methods: ReadonlyMap<string, number>,
  ) {
    this.checkpoint = source.$info().checkpoint
    this.head = this.headOf(this.checkpoint)
    this.entries = new Entries(published, () => this.head)
    this.scan = new LogScan(this.entries, published, () => this.head)
  }

  /** @param log the id of the log that is meant, if the visitor has said so */
  static async open(address: HostAddress, log?: string): Promise<Host> {
    const published = publishedAt(address)
    const client = await connect(address.toString(), log === undefined ? { store } : { store, log }).catch(
      (error: unknown) => {
        // Its checkpoint was just to be had.
        if (error instanceof ConnectionError) {
          return undefined
        }
        throw error
      },
    )
    try {
      const source = client ?? (await openCopy(address, published, store, log))
      return await Host.of(client, source, published, address)
    } catch (error) {
      void client?.$close().catch(() => undefined)
      throw error
    }
  }

  private static async of(
    client: AnyClient | undefined,
    source: LogSource,
    published: Published,
    address: HostAddress,
  ): Promise<Host> {
    const bytes = await published.entry(0n, 1n)
    if (leafHash(bytes).hex() !== source.$info().log) {
      throw new MalformedError('the host publishes another genesis entry than that of its log')
    }
    const blobs = new Map<string, Uint8Array>()
    const { genesis, methods } = await withBlobs(published, blobs, () => {
      const entry = parseEntry(bytes, blobs)
      if (entry.kind !== 'genesis' || !('ok' in entry.outcome)) {
        throw new MalformedError('the log does not begin with a genesis entry')
      }
      return { genesis: entry, methods: parseGuestJson(readText(entry.outcome.ok, blobs)) as [string, number][] }
    })
    const host = new Host(client, source, published, address, genesis, new Map(methods))
    host.lookLater()
    return host
  }

  /** The id of the log. */
  get log(): string {
    return this.source.$info().log
  }

  get size(): number {
    return Number(this.head.size)
  }

  /** The newest checkpoint that was verified. */
  get note(): string {
    return this.checkpoint
  }

  /** The key that signs the visitor's calls; undefined where none are taken. */
  get identity(): Identity | undefined {
    return this.source.$info().identity
  }

  get isDebug(): boolean {
    return this.genesis.auth === 'debug'
  }

  subscribe(changed: () => void): () => void {
    this.subscribers.add(changed)
    return () => this.subscribers.delete(changed)
  }

  /** Takes up what a call has shown: its receipt's tree. */
  update(): void {
    const { checkpoint } = this.source.$info()
    if (checkpoint !== this.checkpoint) {
      this.head = this.headOf(checkpoint)
      this.checkpoint = checkpoint
      this.changed()
    }
  }

  /** Takes a failure that anything of the page met, if it is one of the host's. */
  failed(error: unknown): void {
    if (error instanceof CaughtHostError && this.caught === undefined) {
      this.caught = error
      this.changed()
    }
  }

  private async look(): Promise<void> {
    const before = this.isReachable
    try {
      await this.source.$refresh()
      this.isReachable = true
      this.returns += before ? 0 : 1
      this.update()
    } catch (error) {
      this.failed(error)
      this.isReachable = false
      this.trouble = sentenceOf(error)
    }
    if (before !== this.isReachable) {
      this.changed()
    }
  }

  private lookLater(): void {
    const millis = document.hidden ? LOOK_HIDDEN_MILLIS : LOOK_MILLIS
    let timer = 0
    const next = () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', next)
      void this.look().then(() => {
        if (this.caught === undefined) {
          this.lookLater()
        }
      })
    }
    timer = setTimeout(next, millis)
    // Whoever comes back to the page sees what is new at once.
    if (document.hidden) {
      document.addEventListener('visibilitychange', next)
    }
  }

  private headOf(checkpoint: string): TreeHead {
    const note = Note.parse(new TextEncoder().encode(checkpoint))
    return SignedCheckpoint.verify(note, this.genesis.origin, this.genesis.host).head
  }

  private changed(): void {
    this.subscribers.forEach((each) => each())
  }
}

/** What came of the first look at the place that this page is of. */
export type Found =
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'modules'; readonly modules: readonly ModuleLink[] }
  /** It served another log before; `served` is the one that it has now. */
  | { readonly kind: 'other-log'; readonly served: string; readonly message: string }
  | { readonly kind: 'caught'; readonly error: CaughtHostError }
  | { readonly kind: 'unreachable'; readonly message: string }
  /** It answers, and what it answers cannot be shown. */
  | { readonly kind: 'unfit'; readonly message: string }

/** One of several modules, as their host lists them. */
export interface ModuleLink {
  readonly name: string
  readonly path: string
  readonly log: string
  readonly script: { readonly main: string }
}

/** Looks what is at this page's address. */
export async function find(log?: string): Promise<Found> {
  const address = ownAddress()
  const published = publishedAt(address)
  try {
    await published.checkpoint()
  } catch (error) {
    const modules = await listModules(address).catch(() => undefined)
    return modules === undefined ? failedBy(error) : { kind: 'modules', modules }
  }
  try {
    return { kind: 'host', host: await Host.open(address, log) }
  } catch (error) {
    if (error instanceof WrongLogError) {
      const served = leafHash(await published.entry(0n, 1n)).hex()
      return { kind: 'other-log', served, message: error.message }
    }
    if (error instanceof CaughtHostError) {
      return { kind: 'caught', error }
    }
    return failedBy(error)
  }
}

function failedBy(error: unknown): Found {
  const isAway = error instanceof ConnectionError || error instanceof UnverifiableError
  return { kind: isAway ? 'unreachable' : 'unfit', message: sentenceOf(error) }
}

async function listModules(address: HostAddress): Promise<readonly ModuleLink[]> {
  const response = await fetch(address.http('/'), { headers: { accept: 'application/json' } })
  const { modules } = (await response.json()) as { modules: ModuleLink[] }
  return modules.map(({ name, path, log, script }) => ({
    name: String(name),
    path: String(path),
    log: String(log),
    script: { main: String(script.main) },
  }))
}
