import { type AnyClient, CaughtHostError, type Files, type HostInfo } from 'glasshouse-client'
import type { ArchiveFile } from 'glasshouse-formats'
import type { Observable } from '../../../js/console/src/hooks.js'
import { Pictures } from './pictures.js'

const LOOK_MILLIS = 1500
const LOOK_HIDDEN_MILLIS = 15_000

/** Where the module writes photos. */
export const FOLDER = '/photos'

/** A photo as the proved listing has it. */
export interface Photo {
  readonly name: string
  readonly file: ArchiveFile
}

/**
 * The photos of one log: the listing that was proved last, under the archive's root that the newest
 * entry names. Looks for a newer tree every moment, and tells whoever subscribed.
 */
export class Album implements Observable {
  photos: readonly Photo[] = []
  /** What of {@link photos} was not there at the look before; empty at first. */
  arrived: readonly string[] = []
  isReachable = true
  /** Why what the host lists is not shown; what was proved before stays. */
  problem: unknown
  /** What the host was caught at by evidence; from then on nothing more is taken of it. */
  caught: CaughtHostError | undefined
  readonly pictures = new Pictures(() => this.changed())
  private readonly subscribers = new Set<() => void>()
  private looking: Promise<void> | undefined
  private timer = 0
  private isClosed = false

  private constructor(
    readonly client: AnyClient,
    readonly host: string,
    /** The files of the newest entry that was verified. */
    public files: Files,
  ) {}

  /** @param client of the log that is pinned */
  static async open(client: AnyClient, host: string): Promise<Album> {
    const album = new Album(client, host, await client.$files())
    await album.list(album.files)
    document.addEventListener('visibilitychange', album.visible)
    album.lookLater()
    return album
  }

  get info(): HostInfo {
    return this.client.$info()
  }

  has(name: string): boolean {
    return this.photos.some((photo) => photo.name === name)
  }

  subscribe(changed: () => void): () => void {
    this.subscribers.add(changed)
    return () => this.subscribers.delete(changed)
  }

  /** Looks for what is new. */
  look(): Promise<void> {
    // One that is under way may have asked before there was anything.
    const next = (this.looking ?? Promise.resolve()).then(() => this.lookOnce())
    this.looking = next
    return next
  }

  /** Takes a failure that a call met, if it is one of the host's. */
  failed(error: unknown): void {
    if (error instanceof CaughtHostError && this.caught === undefined) {
      this.caught = error
      this.changed()
    }
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    document.removeEventListener('visibilitychange', this.visible)
    this.pictures.close()
    await this.client.$close().catch(() => undefined)
  }

  private async lookOnce(): Promise<void> {
    if (this.caught !== undefined || this.isClosed) {
      return
    }
    try {
      await this.client.$refresh()
    } catch (error) {
      this.failed(error)
      this.isReachable = false
      this.changed()
      return
    }
    this.isReachable = true
    try {
      if (this.info.checkpoint !== this.files.checkpoint || this.problem !== undefined) {
        await this.list(await this.client.$files())
      }
      this.problem = undefined
    } catch (error) {
      // Others may be lied to as well, and evidence shows it to them; without, the listing alone is in doubt.
      if (error instanceof CaughtHostError && error.evidence !== undefined) {
        this.failed(error)
      }
      this.problem = error
    }
    this.changed()
  }

  private async list(files: Files): Promise<void> {
    if (files !== this.files && files.root.equals(this.files.root)) {
      this.files = files
      return
    }
    const listed = [...((await files.list(FOLDER)) ?? [])]
    const before = new Set(this.photos.map(({ name }) => name))
    const isFirst = files === this.files
    this.photos = listed
      .flatMap(([name, file]) => (file === 'directory' ? [] : [{ name, file }]))
      .sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }))
    this.arrived = isFirst ? [] : this.photos.map(({ name }) => name).filter((name) => !before.has(name))
    this.files = files
  }

  private readonly visible = (): void => {
    if (!document.hidden) {
      void this.look()
    }
  }

  private lookLater(): void {
    this.timer = setTimeout(
      () =>
        void this.look().then(() => {
          if (!this.isClosed && this.caught === undefined) {
            this.lookLater()
          }
        }),
      document.hidden ? LOOK_HIDDEN_MILLIS : LOOK_MILLIS,
    )
  }

  private changed(): void {
    this.subscribers.forEach((each) => each())
  }
}
