import {
  AbortedError,
  CallError,
  type CallReceipt,
  CaughtHostError,
  ConnectionError,
  RefusedError,
  TrapError,
  UnverifiableError,
} from 'glasshouse-client'
import type { Observable } from '../../../js/console/src/hooks.js'
import { sentenceOf, size } from '../../../js/console/src/text.js'
import type { Album } from './album.js'
import { freeName, nameFor } from './names.js'
import { type Reduced, UnsuitableError, mostBytes, reduced } from './reduce.js'
import { hearing } from './sending.js'

const TAKEN = 'File already exists'
const NOT_LISTED = -32008
const TOO_OFTEN = -32009

/** A photo on its way into the album, or what came of it. */
export interface Upload {
  readonly id: number
  /** As its giver named it, then as it is added. */
  readonly name: string
  readonly state: 'waiting' | 'reducing' | 'sending' | 'added' | 'failed'
  /** From 0 to 1, while it is sent. */
  readonly sent?: number
  /** What was done to it. */
  readonly note?: string
  readonly problem?: Problem
  readonly receipt?: CallReceipt
}

/** Why a photo is not in the album, in words, and what could be done. */
export interface Problem {
  readonly sentence: string
  /** A name that is free, where its own is taken. */
  readonly freeName?: string
  /** Whether it may succeed if it is simply tried again. */
  readonly isPassing?: boolean
}

interface Kept {
  readonly file: File
  photo?: Reduced
}

/** The photos that the visitor adds, one after the other. */
export class Uploads implements Observable {
  uploads: readonly Upload[] = []
  private readonly kept = new Map<number, Kept>()
  private readonly subscribers = new Set<() => void>()
  private isBusy = false
  private last = 0

  constructor(private readonly album: Album) {}

  subscribe(changed: () => void): () => void {
    this.subscribers.add(changed)
    return () => this.subscribers.delete(changed)
  }

  add(files: readonly File[]): void {
    const added = files.map((file): Upload => {
      const id = ++this.last
      this.kept.set(id, { file })
      return { id, name: file.name, state: 'waiting' }
    })
    this.show([...added, ...this.uploads])
    void this.work()
  }

  /** Tries one again that failed, perhaps by another name. */
  again(id: number, name?: string): void {
    this.change(id, ({ note, name: before }) => ({
      id,
      name: name ?? before,
      state: 'waiting',
      ...(note === undefined ? {} : { note }),
    }))
    void this.work()
  }

  /** Shows one no longer. */
  dismiss(id: number): void {
    this.kept.delete(id)
    this.show(this.uploads.filter((each) => each.id !== id))
  }

  dismissAdded(): void {
    this.show(this.uploads.filter(({ state }) => state !== 'added'))
  }

  private async work(): Promise<void> {
    if (this.isBusy) {
      return
    }
    this.isBusy = true
    for (let next = this.waiting(); next !== undefined; next = this.waiting()) {
      await this.bring(next)
    }
    this.isBusy = false
  }

  // The one that was chosen first.
  private waiting(): Upload | undefined {
    return this.uploads.filter(({ state }) => state === 'waiting').sort((one, other) => one.id - other.id)[0]
  }

  private async bring({ id, name: given }: Upload): Promise<void> {
    const kept = this.kept.get(id) as Kept
    const set = (changes: Partial<Upload>) => this.change(id, (upload) => ({ ...upload, ...changes }))
    let name = given
    try {
      set({ state: 'reducing' })
      const photo = (kept.photo ??= await reduced(kept.file, mostBytes(this.album.info)))
      name = nameFor(given)
      set({ name, note: noteOf(photo) })
      // What is in the log is there for ever, a call that was in vain too.
      if (this.album.has(name)) {
        throw new CallError('Error', TAKEN)
      }
      set({ state: 'sending', sent: 0 })
      const { settled, receipt } = await hearing(
        (left, of) => set({ sent: of === 0 ? 1 : left / of }),
        () => this.album.client.$receipt('addPhoto', name, photo.bytes),
      )
      if (settled.status === 'rejected') {
        throw settled.reason
      }
      set({ state: 'added', receipt })
      this.kept.delete(id)
      await this.album.look()
    } catch (error) {
      this.album.failed(error)
      set({ state: 'failed', problem: this.problemOf(error, name) })
    }
  }

  private problemOf(error: unknown, name: string): Problem {
    if (error instanceof CallError && error.message === TAKEN) {
      return {
        sentence: `The album has a photo “${name}” already, and takes each name only once.`,
        freeName: freeName(name, (each) => this.album.has(each)),
      }
    }
    return problemOf(error)
  }

  private change(id: number, changed: (upload: Upload) => Upload): void {
    this.show(this.uploads.map((each) => (each.id === id ? changed(each) : each)))
  }

  private show(uploads: readonly Upload[]): void {
    this.uploads = uploads
    this.subscribers.forEach((each) => each())
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof UnsuitableError) {
    return { sentence: error.message }
  }
  if (error instanceof CallError) {
    return { sentence: `The album did not take it: ${error.message}` }
  }
  if (error instanceof TrapError) {
    return { sentence: `It takes more ${error.limit} than the host allows one call. Nothing was added.` }
  }
  if (error instanceof AbortedError) {
    return { sentence: 'The host took too long over it and ended the call. Nothing was added.', isPassing: true }
  }
  if (error instanceof RefusedError) {
    const sentences: Record<number, string> = {
      [NOT_LISTED]: 'This host takes photos only from keys that it lists, and yours is not one of them.',
      [TOO_OFTEN]: 'This host takes photos less often from one key. Try again in a while.',
    }
    return { sentence: sentences[error.code] ?? `The host refused it: ${error.message}`, isPassing: true }
  }
  if (error instanceof ConnectionError || error instanceof UnverifiableError) {
    return {
      sentence: `It is not known whether it was added: ${error.message}. Trying again adds it at most once.`,
      isPassing: true,
    }
  }
  if (error instanceof CaughtHostError) {
    return { sentence: 'What the host answered does not verify. Do not rely on it.' }
  }
  return { sentence: sentenceOf(error), isPassing: true }
}

function noteOf({ bytes, width, height, before }: Reduced): string {
  const now = `${width} × ${height}, ${size(bytes.length)}`
  return before === undefined ? now : `${now}; reduced from ${before.width} × ${before.height}`
}
