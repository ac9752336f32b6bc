import type { HostInfo } from 'glasshouse-client'

/** The longest side of a photo as it is added. */
export const MAX_SIDE = 2048
/** The most bytes of a photo as it is added: whoever audits the log downloads them all. */
const MAX_BYTES = 1_500_000
/** What a request has besides the photo. */
const REQUEST_OVERHEAD = 4096
/** What a browser is asked to open. */
const MAX_OPENED = 200 * 2 ** 20
const MIN_SIDE = 256
const QUALITIES = [0.85, 0.7]

/** A file that is not added, and why, in words for whoever chose it. */
export class UnsuitableError extends Error {
  override name = 'UnsuitableError'
}

/** A photo as it is added: a JPEG. */
export interface Reduced {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
  /** What it had, if that was more. */
  readonly before: { readonly width: number; readonly height: number } | undefined
}

/** The most bytes that a call can bring into this log, and a page should. */
export function mostBytes({ limits }: HostInfo): number {
  const inRequest = Math.floor(((limits.request - REQUEST_OVERHEAD) * 3) / 4)
  return Math.max(0, Math.min(MAX_BYTES, limits.file, limits.written, inRequest))
}

/**
 * Draws a photo anew as JPEG, upright and no larger than it may be. Only what is seen is kept: what
 * cameras write beside it, such as the place, would be public for ever.
 *
 * @param maxBytes of the result
 */
export async function reduced(file: Blob, maxBytes: number): Promise<Reduced> {
  if (file.size > MAX_OPENED) {
    throw new UnsuitableError('It is larger than this page opens (200 MB).')
  }
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new UnsuitableError('It is no picture that this browser can read.')
  })
  try {
    return await draw(bitmap, maxBytes)
  } finally {
    bitmap.close()
  }
}

async function draw(bitmap: ImageBitmap, maxBytes: number): Promise<Reduced> {
  const longest = Math.max(bitmap.width, bitmap.height)
  for (let side = Math.min(MAX_SIDE, longest); side >= Math.min(MIN_SIDE, longest); side *= 0.75) {
    const canvas = drawn(bitmap, side / longest)
    for (const quality of QUALITIES) {
      const bytes = await encoded(canvas, quality)
      if (bytes.length <= maxBytes) {
        const { width, height } = canvas
        return { bytes, width, height, before: side < longest ? { width: bitmap.width, height: bitmap.height } : undefined }
      }
    }
  }
  throw new UnsuitableError(`It cannot be made small enough for this album: its host takes ${maxBytes} bytes.`)
}

function drawn(bitmap: ImageBitmap, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = canvas.getContext('2d')
  if (context === null) {
    throw new UnsuitableError('This browser cannot draw pictures.')
  }
  // JPEG has no transparency, and would show black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas
}

async function encoded(canvas: HTMLCanvasElement, quality: number): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
  if (blob === null) {
    throw new UnsuitableError('This browser cannot write pictures of this size.')
  }
  return new Uint8Array(await blob.arrayBuffer())
}
