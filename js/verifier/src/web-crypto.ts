import type { NativeEd25519 } from './platform.js'

const KEPT_KEYS = 1024

/** WebCrypto's Ed25519, where it has one. */
export async function webCryptoEd25519(
  subtle: SubtleCrypto | undefined,
): Promise<NativeEd25519<Promise<boolean>> | undefined> {
  if (subtle === undefined) {
    // A page that did not come by https has none.
    return undefined
  }
  try {
    await subtle.importKey('raw', RFC_8032_KEY as BufferSource, 'Ed25519', false, ['verify'])
  } catch {
    return undefined
  }
  const keys = new Map<string, Promise<CryptoKey>>()
  const keyOf = (bytes: Uint8Array): Promise<CryptoKey> => {
    const name = String.fromCharCode(...bytes)
    let key = keys.get(name)
    if (key === undefined) {
      key = subtle.importKey('raw', bytes as BufferSource, 'Ed25519', false, ['verify'])
      if (keys.size === KEPT_KEYS) {
        keys.delete(keys.keys().next().value as string)
      }
      keys.set(name, key)
    }
    return key
  }
  return async (key, message, signature) => {
    try {
      const known = await keyOf(key)
      return await subtle.verify('Ed25519', known, signature as BufferSource, message as BufferSource)
    } catch {
      // An engine may refuse a key that the rule accepts: then the rule itself decides.
      return false
    }
  }
}

// The first test vector of RFC 8032, section 7.1.
const RFC_8032_KEY = Uint8Array.from([
  0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
  0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
])
