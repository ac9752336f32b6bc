import {
  PKCS8_PREFIX,
  PublicKey,
  concat,
  formatOpenSshKey,
  parseKeyFile,
  publicKeyOf,
  signWithSeed,
} from 'glasshouse-formats'
import { platform } from '#platform'
import { GlasshouseError } from './errors.js'

/** WebCrypto's `CryptoKey`, whose type not every project has. */
export type WebCryptoKey = typeof globalThis extends { CryptoKey: { prototype: infer Key } } ? Key : object

const SEED_BYTES = 32
const ED25519 = 'Ed25519'

/**
 * A caller's Ed25519 key. It signs by WebCrypto where that has Ed25519, which is 20 times faster
 * than JavaScript, and by `@noble/ed25519` elsewhere: the signatures are the same.
 */
export class Identity {
  // Truly private: what logs or clones an identity must not show it.
  readonly #seed: Uint8Array | undefined
  #signer: Promise<CryptoKey | undefined> | undefined

  private constructor(
    readonly publicKey: PublicKey,
    seed: Uint8Array | undefined,
    /** The key as WebCrypto holds it, if only WebCrypto does. */
    readonly cryptoKey: WebCryptoKey | undefined,
  ) {
    this.#seed = seed
  }

  /**
   * A new key.
   *
   * @param extractable false for a key that stays inside WebCrypto: it can be kept in IndexedDB, and
   *     not be exported
   */
  static async generate({ extractable = true } = {}): Promise<Identity> {
    if (extractable) {
      return Identity.import(platform.crypto.getRandomValues(new Uint8Array(SEED_BYTES)))
    }
    const { subtle } = platform.crypto
    try {
      const pair = (await subtle.generateKey(ED25519, false, ['sign', 'verify'])) as CryptoKeyPair
      return Identity.fromCryptoKey(
        pair.privateKey,
        new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
      )
    } catch (error) {
      throw new GlasshouseError('WebCrypto has no Ed25519 here: make an extractable key', { cause: error })
    }
  }

  /** The key of a 32-byte seed, as {@link export} gives it. */
  static import(seed: Uint8Array): Identity {
    if (seed.length !== SEED_BYTES) {
      throw new GlasshouseError(`the seed of a key has ${SEED_BYTES} bytes, not ${seed.length}`)
    }
    const own = Uint8Array.from(seed)
    return new Identity(PublicKey.fromBytes(publicKeyOf(own)), own, undefined)
  }

  /** The key in a file of `ssh-keygen -t ed25519 -N ""`, or of OpenSSL in PKCS#8. */
  static fromOpenSSH(file: string): Identity {
    return Identity.import(parseKeyFile(file))
  }

  /** A key that WebCrypto holds, with the 32 bytes of its public key. */
  static fromCryptoKey(privateKey: WebCryptoKey, publicKey: Uint8Array): Identity {
    return new Identity(PublicKey.fromBytes(publicKey), undefined, privateKey)
  }

  /** What a module sees as `System.caller.id`. */
  get id(): string {
    return this.publicKey.format()
  }

  /** Whether {@link export} and {@link toOpenSSH} can give the secret. */
  get extractable(): boolean {
    return this.#seed !== undefined
  }

  /** The 32-byte seed. */
  export(): Uint8Array {
    if (this.#seed === undefined) {
      throw new GlasshouseError('this key cannot be exported')
    }
    return this.#seed.slice()
  }

  /** The file that `ssh-keygen` and `glass --identity` read. */
  toOpenSSH(): string {
    return formatOpenSshKey(this.export())
  }

  /** The 64 bytes of a signature. */
  async sign(message: Uint8Array): Promise<Uint8Array> {
    this.#signer ??= this.cryptoKey === undefined ? importKey(this.export()) : Promise.resolve(this.cryptoKey)
    const key = await this.#signer
    if (key === undefined) {
      return signWithSeed(this.export(), message)
    }
    return new Uint8Array(await platform.crypto.subtle.sign(ED25519, key, message as BufferSource))
  }
}

async function importKey(seed: Uint8Array): Promise<CryptoKey | undefined> {
  try {
    const file = concat(PKCS8_PREFIX, seed) as BufferSource
    return await platform.crypto.subtle.importKey('pkcs8', file, ED25519, false, ['sign'])
  } catch {
    return undefined // An older browser, or a page without a secure context.
  }
}
