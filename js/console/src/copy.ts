import { CaughtHostError, type HostInfo, RefusedError } from 'glasshouse-client'
import {
  type HostAddress,
  KnownLogs,
  LogWatch,
  type Published,
  type Store,
  readHostDescription,
} from 'glasshouse-client/host'
import {
  Hash,
  MalformedError,
  type Note,
  SignedCheckpoint,
  UnverifiedError,
  decodeUtf8,
  formatJson,
} from 'glasshouse-formats'

/** What is known of the log of a page; a client knows it, too. */
export interface LogSource {
  $info(): HostInfo
  $refresh(): Promise<HostInfo>
}

/**
 * The log of a place that publishes it and takes no calls, such as `glass serve`. Every checkpoint is
 * verified as a client would: that it goes on from all others is shown by the tiles.
 *
 * @param log the id of the log that is meant, if the visitor has said so
 */
export async function openCopy(
  address: HostAddress,
  published: Published,
  store: Store,
  log?: string,
): Promise<LogSource> {
  const known = new KnownLogs(store)
  const place = address.toString()
  const genesis = decodeUtf8(await published.entry(0n, 1n))
  const checkpoint = (await published.checkpoint()).format()
  const said = decodeUtf8(formatJson({ checkpoint, genesis }))
  const host = await readHostDescription(said, published)
  await known.requireMeant(place, log === undefined ? undefined : Hash.parseHex(log), host.log)
  const watch = await LogWatch.open(known, host, refuse, published)
  await watch.presented(host.checkpoint)
  await known.served(place, host.log)
  const { origin, title, host: key, auth, limits } = host.start.genesis
  const info = () => ({
    log: host.log.hex(),
    origin,
    title,
    key: key.format(),
    isDebug: auth === 'debug',
    methods: [...host.methods.keys()],
    limits,
    checkpoint: (watch.newest ?? host.checkpoint).note.format(),
    identity: undefined,
  })
  return {
    $info: info,
    async $refresh() {
      await watch.presented(verified(await published.checkpoint()))
      return info()
    },
  }

  function verified(note: Note): SignedCheckpoint {
    try {
      return SignedCheckpoint.verify(note, origin, key)
    } catch (error) {
      if (error instanceof MalformedError || error instanceof UnverifiedError) {
        throw new CaughtHostError(`the newest checkpoint is none of this log: ${error.message}`)
      }
      throw error
    }
  }
}

async function refuse(): Promise<string> {
  throw new RefusedError(-32601, 'a copy answers no questions')
}
