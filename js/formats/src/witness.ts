import { concat, encodeUtf8, equalBytes } from './bytes.js'
import { parseCount } from './checkpoint.js'
import { MalformedError, UnverifiedError } from './errors.js'
import { Hash } from './hash.js'
import { type NoteSignature, formatVerifierKey, keyId, parseVerifierKey } from './note.js'
import { PublicKey } from './public-key.js'

const ED25519 = 0x04
const ML_DSA = 0x06
const ML_DSA_KEY_BYTES = 1312
const ML_DSA_SIGNATURE_BYTES = 2420
const ED25519_SIGNATURE_BYTES = 64
const TIME_BYTES = 8
const LABEL = 'subtree/v1\n\0'
const MAX_TIME = 2n ** 63n

/**
 * Verifies ML-DSA-44 (FIPS 204, pure, empty context), which this package does not bring:
 * `@noble/post-quantum` does, in some 20 kB.
 */
export type MlDsaVerifier = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** A key that cosigns checkpoints under a name (C2SP tlog-cosignature). */
export class WitnessKey {
  readonly id: Uint8Array

  private constructor(
    readonly name: string,
    readonly key: PublicKey | Uint8Array,
  ) {
    this.id = keyId(name, this.typedKey())
  }

  /** Reads a vkey of type 0x04, Ed25519, or 0x06, ML-DSA-44; and only what {@link format} writes. */
  static parse(vkey: string): WitnessKey {
    const { name, typedKey } = parseVerifierKey(vkey)
    const key = typedKey.subarray(1)
    if (typedKey[0] === ED25519) {
      return new WitnessKey(name, PublicKey.fromBytes(key))
    }
    if (typedKey[0] === ML_DSA && key.length === ML_DSA_KEY_BYTES) {
      return new WitnessKey(name, key)
    }
    throw new MalformedError(
      'not the key of a witness (type 0x04 and 32 bytes, or type 0x06 and 1,312 bytes)',
    )
  }

  /** The vkey. */
  format(): string {
    return formatVerifierKey(this.name, this.typedKey())
  }

  /** Whether its name says that its owner executes what it cosigns. */
  get isReplayed(): boolean {
    return this.name.endsWith('/replayed')
  }

  /** Whether it takes an {@link MlDsaVerifier} to verify what its owner cosigns. */
  get isMlDsa(): boolean {
    return !(this.key instanceof PublicKey)
  }

  isNamedBy(signature: NoteSignature): boolean {
    return this.name === signature.name && equalBytes(this.id, signature.keyId)
  }

  hasSameKey(other: WitnessKey): boolean {
    return equalBytes(this.typedKey(), other.typedKey())
  }

  private typedKey(): Uint8Array {
    return this.key instanceof PublicKey
      ? concat(Uint8Array.of(ED25519), this.key.bytes())
      : concat(Uint8Array.of(ML_DSA), this.key)
  }
}

/** The bytes that a witness signs of the text of a note, at a time in POSIX seconds. */
export function cosignatureMessage(witness: WitnessKey, text: string, time: bigint): Uint8Array {
  if (witness.key instanceof PublicKey) {
    return encodeUtf8(`cosignature/v1\ntime ${time}\n${text}`)
  }
  const [origin = '', size = '', root = '', ...more] = text.split('\n')
  const lines = [origin, size, root, ...more.slice(0, -1)]
  if (more.at(-1) !== '' || lines.includes('')) {
    throw new MalformedError('a checkpoint has at least three lines, none of them empty')
  }
  return concat(
    encodeUtf8(LABEL),
    lengthLed(witness.name),
    uint64(time),
    lengthLed(origin),
    uint64(0n),
    uint64(parseCount(size)),
    Hash.parseBase64(root).bytes(),
  )
}

/**
 * Verifies a line under a note as a witness's cosignature.
 *
 * @returns the time that it states, in POSIX seconds
 * @throws UnverifiedError if it is not this witness's, does not hold, or has no time; also for a
 *     witness with an ML-DSA key if there is no verifier for it
 */
export function verifyCosignature(
  witness: WitnessKey,
  text: string,
  line: NoteSignature,
  mlDsa?: MlDsaVerifier,
): bigint {
  const signatureBytes = witness.key instanceof PublicKey ? ED25519_SIGNATURE_BYTES : ML_DSA_SIGNATURE_BYTES
  if (!witness.isNamedBy(line) || line.bytes.length !== TIME_BYTES + signatureBytes) {
    throw new UnverifiedError(`not a cosignature of ${witness.name}`)
  }
  const time = new DataView(line.bytes.buffer, line.bytes.byteOffset).getBigUint64(0)
  const signature = line.bytes.subarray(TIME_BYTES)
  if (time === 0n || time >= MAX_TIME || !holds(witness, text, time, signature, mlDsa)) {
    throw new UnverifiedError(`the cosignature of ${witness.name} does not hold`)
  }
  return time
}

function holds(
  witness: WitnessKey,
  text: string,
  time: bigint,
  signature: Uint8Array,
  mlDsa: MlDsaVerifier | undefined,
): boolean {
  if (witness.key instanceof PublicKey) {
    return witness.key.verify(cosignatureMessage(witness, text, time), signature)
  }
  if (mlDsa === undefined) {
    throw new UnverifiedError(`the cosignature of ${witness.name} takes a verifier for ML-DSA-44`)
  }
  try {
    return mlDsa(witness.key, cosignatureMessage(witness, text, time), signature)
  } catch {
    return false // no checkpoint, so nothing that such a key could have signed
  }
}

function lengthLed(text: string): Uint8Array {
  const bytes = encodeUtf8(text)
  if (bytes.length > 255) {
    throw new MalformedError('an origin has at most 255 bytes')
  }
  return concat(Uint8Array.of(bytes.length), bytes)
}

function uint64(number: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, number)
  return bytes
}
