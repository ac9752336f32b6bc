import { CaughtHostError, type Files } from 'glasshouse-client'
import { type ArchiveFile, encodeUtf8, equalBytes } from 'glasshouse-formats'
import { sentenceOf } from '../../../js/console/src/text.js'

/** Longer files are nobody's holiday photo, and are not fetched. */
const MAX_FETCHED = 32 * 2 ** 20

/** What came of fetching a photo. */
export type Picture =
  /** Its bytes are those that the log has; `url` is of these bytes in the page's memory. */
  | { readonly kind: 'picture'; readonly url: string }
  /** So are these, but they are no picture that browsers show. */
  | { readonly kind: 'no-picture' }
  /** The host gave other bytes. They are gone. */
  | { readonly kind: 'altered'; readonly message: string }
  /** The host gave none, or did not answer. */
  | { readonly kind: 'withheld'; readonly message: string }

/** Pictures by what the proved listing says of them, each fetched once, and only kept if it is verified. */
export class Pictures {
  private readonly asked = new Map<string, Promise<Picture>>()
  private readonly altered = new Set<string>()
  private readonly urls = new Set<string>()

  constructor(private readonly changed: () => void) {}

  of(files: Files, file: ArchiveFile): Promise<Picture> {
    const name = nameOf(file)
    const picture = this.asked.get(name) ?? this.fetch(files, file)
    this.asked.set(name, picture)
    return picture
  }

  /** Forgets what was not to be had, for it to be asked for again. */
  forget(file: ArchiveFile): void {
    this.asked.delete(nameOf(file))
    this.altered.delete(nameOf(file))
    this.changed()
  }

  isAsked(file: ArchiveFile): boolean {
    return this.asked.has(nameOf(file))
  }

  /** Whether the host gave other bytes for a file. */
  isAltered(file: ArchiveFile): boolean {
    return this.altered.has(nameOf(file))
  }

  close(): void {
    this.urls.forEach((url) => URL.revokeObjectURL(url))
  }

  private async fetch(files: Files, file: ArchiveFile): Promise<Picture> {
    if (file.length > MAX_FETCHED) {
      return { kind: 'no-picture' }
    }
    try {
      const bytes = await files.content(file)
      const type = typeOf(bytes)
      if (type === undefined) {
        return { kind: 'no-picture' }
      }
      const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }))
      this.urls.add(url)
      return { kind: 'picture', url }
    } catch (error) {
      if (error instanceof CaughtHostError) {
        this.altered.add(nameOf(file))
        this.changed()
        return { kind: 'altered', message: sentenceOf(error) }
      }
      return { kind: 'withheld', message: sentenceOf(error) }
    }
  }
}

function nameOf({ sha256, length }: ArchiveFile): string {
  return `${sha256} ${length}`
}

// By the bytes: names are whatever callers say, and some kinds, such as SVG, are programs.
const BEGINNINGS: readonly (readonly [type: string, at: number, bytes: Uint8Array])[] = [
  ['image/jpeg', 0, Uint8Array.of(0xff, 0xd8, 0xff)],
  ['image/png', 0, Uint8Array.of(0x89, 0x50, 0x4e, 0x47)],
  ['image/gif', 0, encodeUtf8('GIF8')],
  ['image/webp', 8, encodeUtf8('WEBP')],
  ['image/avif', 4, encodeUtf8('ftypavif')],
]

/** The media type of a picture that browsers show. */
export function typeOf(bytes: Uint8Array): string | undefined {
  return BEGINNINGS.find(([, at, begins]) => equalBytes(bytes.subarray(at, at + begins.length), begins))?.[0]
}
