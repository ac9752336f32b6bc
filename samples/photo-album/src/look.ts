import {
  type AnyClient,
  CaughtHostError,
  type HostInfo,
  IndexedDbStore,
  MemoryStore,
  WrongLogError,
  connect,
} from 'glasshouse-client'
import { sentenceOf } from '../../../js/console/src/text.js'
import { Album } from './album.js'
import type { Place } from './place.js'
import { WatchedSocket } from './sending.js'

/** What the page keeps for its visitor: key, checkpoints, evidence. */
const store = new IndexedDbStore()

/** What is at a place. */
export type Found =
  | { readonly kind: 'album'; readonly album: Album }
  /** Nothing was pinned: this is what would be. */
  | { readonly kind: 'unpinned'; readonly info: HostInfo }
  /** Another log than the pinned one, or than the one that was there last; `info` is what is there. */
  | { readonly kind: 'other-log'; readonly info: HostInfo }
  /** A module that is no photo album. */
  | { readonly kind: 'other-module'; readonly info: HostInfo }
  | { readonly kind: 'caught'; readonly error: CaughtHostError }
  | { readonly kind: 'unreachable'; readonly message: string }

/** Looks what is at a place. Only of a pinned log are photos read. */
export async function look({ host, log }: Place): Promise<Found> {
  let client: AnyClient | undefined
  try {
    client = await connect(host, { store, WebSocket: WatchedSocket, ...(log === undefined ? {} : { log }) })
    const info = client.$info()
    if (!info.methods.includes('addPhoto')) {
      await client.$close()
      return { kind: 'other-module', info }
    }
    if (log === undefined) {
      await client.$close()
      return { kind: 'unpinned', info }
    }
    return { kind: 'album', album: await Album.open(client, host) }
  } catch (error) {
    await client?.$close().catch(() => undefined)
    if (error instanceof WrongLogError) {
      return described(host)
    }
    return error instanceof CaughtHostError
      ? { kind: 'caught', error }
      : { kind: 'unreachable', message: sentenceOf(error) }
  }
}

// To say what is there nothing of it is kept: the next look still knows only the other log.
async function described(host: string): Promise<Found> {
  try {
    const client = await connect(host, { store: new MemoryStore() })
    const info = client.$info()
    await client.$close()
    return { kind: 'other-log', info }
  } catch (error) {
    return { kind: 'unreachable', message: sentenceOf(error) }
  }
}
