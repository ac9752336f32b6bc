// Stands in for @exodus/bytes/whatwg.js under whatwg-url: the query of a URL object is always UTF-8, so
// that the tables of the older encodings are not needed.
const encoder = new TextEncoder()

export function percentEncodeAfterEncoding (encoding, text, set) {
  let encoded = ''
  for (const byte of encoder.encode(text)) {
    const letter = String.fromCharCode(byte)
    const plain = byte > 0x1f && byte < 0x7f && !set.includes(letter)
    encoded += plain ? letter : '%' + (byte < 16 ? '0' : '') + byte.toString(16).toUpperCase()
  }
  return encoded
}
