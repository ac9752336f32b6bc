import { crc32, deflateSync } from 'node:zlib'

/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [number, number, number]

/** A PNG whose colour changes from the top down, in waves. */
export function picture(width: number, height: number, from: Colour, to: Colour): Buffer {
  const rows = Buffer.alloc((3 * width + 1) * height)
  for (let y = 0, at = 0; y < height; y++) {
    at++ // no filter
    for (let x = 0; x < width; x++) {
      const share = (y + (height / 16) * Math.sin((x * 13) / width)) / height
      for (const [c, start] of from.entries()) {
        rows[at++] = Math.max(0, Math.min(255, Math.round(start + ((to[c] as number) - start) * share)))
      }
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])
}

function chunk(type: string, body: Buffer): Buffer {
  const text = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const whole = Buffer.alloc(body.length + 12)
  whole.writeUInt32BE(body.length, 0)
  text.copy(whole, 4)
  whole.writeUInt32BE(crc32(text), body.length + 8)
  return whole
}
