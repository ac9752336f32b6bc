import type { Limits } from 'glasshouse-formats'
import { HostAddress } from './address.js'
import type { CallReceipt } from './call-receipt.js'
import type { Files } from './files.js'
import type { Identity } from './identity.js'
import type { ConnectOptions } from './options.js'
import type { QuorumInfo } from './quorum.js'
import { valueOf } from './results.js'
import { Session, methodCall } from './session.js'

/** What is known of the host of a connection. */
export interface HostInfo {
  /** The id of the log, 64 hex digits: pin it. */
  readonly log: string
  readonly origin: string
  readonly title: string
  /** The text form of the key that signs the checkpoints. */
  readonly key: string
  /** Whether the host takes callers at their word who do not sign. */
  readonly isDebug: boolean
  /** The names of the exported methods. */
  readonly methods: readonly string[]
  /** What bounds its calls (formats.md, section 6). */
  readonly limits: Limits
  /** The newest checkpoint that was verified, a C2SP signed note. */
  readonly checkpoint: string
  /** The key that signs calls; undefined if they are not signed. */
  readonly identity: Identity | undefined
  /** What the witnesses of the policy have cosigned of it, when it was asked last; undefined without a policy. */
  readonly witnesses?: QuorumInfo | undefined
}

/** A method and its parameters. */
export type Call = readonly [method: string, ...params: unknown[]]

/** What one of several calls came to, as `Promise.allSettled` says it. */
export type Settled = PromiseSettledResult<any>

/** What a client has besides the methods of its backend. */
export interface Controls {
  /** Calls a method of any name. */
  $call(method: string, ...params: unknown[]): Promise<unknown>
  /**
   * Makes up to 256 calls under one signature, one after the other and no call of anybody else
   * between them. One that throws does not keep the next from being made.
   */
  $batch(calls: readonly Call[]): Promise<Settled[]>
  /**
   * Calls a method in a request of its own, for a receipt. What the method throws is in `settled`:
   * that it threw is proved as well.
   */
  $receipt(method: string, ...params: unknown[]): Promise<{ settled: Settled; receipt: CallReceipt }>
  $info(): HostInfo
  /** As `$info`, after the newest checkpoint that the host publishes was fetched and verified, and witnesses asked again. */
  $refresh(): Promise<HostInfo>
  /**
   * The module's files, proved: as they were after an entry, or after the last one of the newest
   * checkpoint that was verified. What others have written since is seen after `$refresh`.
   */
  $files(index?: bigint | number): Promise<Files>
  /** Closes the connection, and keeps the newest checkpoint. */
  $close(): Promise<void>
}

/** A client of a backend whose methods are not declared. */
export interface AnyClient extends Controls {
  // Nothing is known of what they give.
  (...params: unknown[]): Promise<any>
  [method: string]: any
}

/** A client of a backend whose methods are declared, as `npx glasshouse-client types HOST` does. */
export type Client<Backend extends object> = Controls & Backend

/**
 * Connects to a module.
 *
 * @param host `HOST[:PORT]`, `HOST:PORT/NAME`, or a URL
 * @throws ConnectionError if no host answers there
 * @throws WrongLogError if it serves another log than is meant
 * @throws QuorumError if the quorum that is required has not cosigned it
 * @throws CaughtHostError if what it says of itself does not hold together, or not with what was kept
 */
export async function connect(host: string, options?: ConnectOptions): Promise<AnyClient>
export async function connect<Backend extends object>(
  host: string,
  options?: ConnectOptions,
): Promise<Client<Backend>>
export async function connect(host: string, options: ConnectOptions = {}): Promise<AnyClient> {
  return clientOf(await Session.open(HostAddress.parse(host), options))
}

function clientOf(session: Session): AnyClient {
  const controls = controlsOf(session)
  // A module that is a function is its method `default`.
  const target = (...params: unknown[]) => controls.$call('default', ...params)
  return new Proxy(target, {
    get(_, name) {
      // What awaits a client asks for `then`: it is no promise. A method of that name is for $call.
      if (typeof name === 'symbol' || name === 'then') {
        return undefined
      }
      if (name.startsWith('$')) {
        return Object.hasOwn(controls, name) ? controls[name as keyof Controls] : undefined
      }
      return (...params: unknown[]) => controls.$call(name, ...params)
    },
    set: () => false,
  }) as unknown as AnyClient
}

function controlsOf(session: Session): Controls {
  return {
    async $call(method, ...params) {
      const [result] = await session.make([methodCall(method, params)])
      return result && valueOf(result)
    },
    async $batch(calls) {
      const results = await session.make(calls.map(([method, ...params]) => methodCall(method, params)))
      return Promise.allSettled(results.map(async (result) => valueOf(result)))
    },
    async $receipt(method, ...params) {
      const { results, receipt } = await session.makeForReceipt([methodCall(method, params)])
      const [settled] = await Promise.allSettled(results.map(async (result) => valueOf(result)))
      return { settled: settled as Settled, receipt }
    },
    $info: () => infoOf(session),
    async $refresh() {
      await session.refresh()
      return infoOf(session)
    },
    $files: async (index) => session.files(index === undefined ? undefined : BigInt(index)),
    $close: () => session.close(),
  }
}

function infoOf({ host, identity, checkpoint, witnesses }: Session): HostInfo {
  const { genesis } = host.start
  return {
    log: host.log.hex(),
    origin: genesis.origin,
    title: genesis.title,
    key: genesis.host.format(),
    isDebug: genesis.auth === 'debug',
    methods: [...host.methods.keys()],
    limits: genesis.limits,
    checkpoint,
    identity,
    witnesses,
  }
}
