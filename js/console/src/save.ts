import { concat, encodeUtf8 } from 'glasshouse-formats'

const BLOCK = 512
/** What a header has room for; longer names stand in a pax record before it. */
const MAX_NAME = 100

/** Lets the visitor save bytes as a file. */
export function save(name: string, bytes: Uint8Array | string, type = 'application/octet-stream'): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Files as one `tar` archive (POSIX pax): a page saves one file at a time. */
export function tar(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts = [...files].flatMap(([name, bytes]) => {
    const whole = encodeUtf8(name)
    const isPlain = whole.length <= MAX_NAME && /^[ -~]*$/.test(name)
    const extended = isPlain ? [] : member('pax', paxRecord('path', name), 'x')
    return [...extended, ...member(isPlain ? name : 'file', bytes, '0')]
  })
  return concat(...parts, new Uint8Array(2 * BLOCK))
}

function member(name: string, bytes: Uint8Array, type: '0' | 'x'): Uint8Array[] {
  return [header(name, bytes.length, type), bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK)]
}

// The length at its beginning counts itself.
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encodeUtf8(` ${key}=${value}\n`).length
  let length = rest
  while (length !== rest + String(length).length) {
    length = rest + String(length).length
  }
  return encodeUtf8(`${length} ${key}=${value}\n`)
}

function header(name: string, length: number, type: '0' | 'x'): Uint8Array {
  const block = new Uint8Array(BLOCK)
  const put = (text: string, at: number) => block.set(encodeUtf8(text), at)
  const octal = (number: number, digits: number) => `${number.toString(8).padStart(digits, '0')}\0`
  put(name, 0)
  put(octal(0o644, 7), 100)
  put(octal(0, 7), 108)
  put(octal(0, 7), 116)
  put(octal(length, 11), 124)
  put(octal(0, 11), 136)
  put('        ', 148)
  put(type, 156)
  put('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  put(`${octal(sum, 6)} `, 148)
  return block
}
