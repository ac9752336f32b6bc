import { concat, encodeUtf8, equalBytes, fromBase64, fromHex, toBase64 } from './bytes.js'
import { publicKeyOf } from './ed25519.js'
import { MalformedError } from './errors.js'

const MAX_BYTES = 16 * 1024
const COLUMNS = 70
const SEED_BYTES = 32
const BLOCK = 8
const MAGIC = encodeUtf8('openssh-key-v1\0')
const TYPE = 'ssh-ed25519'

/** All of an Ed25519 key of PKCS#8 before its seed (RFC 8410, section 10.3). */
export const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420')

/**
 * The seed in a key file: of `ssh-keygen -t ed25519 -N ""` (OpenSSH's PROTOCOL.key), or of
 * `openssl genpkey -algorithm ed25519` (PKCS#8).
 */
export function parseKeyFile(text: string): Uint8Array {
  if (text.length > MAX_BYTES) {
    throw new MalformedError(`a key file has at most ${MAX_BYTES} bytes`)
  }
  const armour = /^\s*-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]*)-----END \1-----\s*$/.exec(text)
  const bytes = fromBase64((armour?.[2] ?? '').replace(/[\r\n]/g, ''))
  switch (armour?.[1]) {
    case 'OPENSSH PRIVATE KEY':
      return decodeOpenSsh(bytes)
    case 'PRIVATE KEY':
      return decodePkcs8(bytes)
    case 'ENCRYPTED PRIVATE KEY':
      throw encrypted()
    default:
      throw new MalformedError('not a private key file of OpenSSH or PKCS#8')
  }
}

/** The file of a seed, as OpenSSH writes it. */
export function formatOpenSshKey(seed: Uint8Array): string {
  const publicKey = publicKeyOf(seed)
  const names = concat(field(TYPE), field(publicKey))
  // OpenSSH fills the check numbers at random, to notice a wrong passphrase: here is none.
  const check = publicKey.subarray(0, 4)
  const secret = concat(check, check, names, field(concat(seed, publicKey)), field('glasshouse'))
  const padding = Uint8Array.from({ length: (BLOCK - (secret.length % BLOCK)) % BLOCK }, (_, i) => i + 1)
  const one = Uint8Array.of(0, 0, 0, 1)
  const file = concat(
    MAGIC,
    field('none'),
    field('none'),
    field(''),
    one,
    field(names),
    field(concat(secret, padding)),
  )
  const lines = toBase64(file).match(new RegExp(`.{1,${COLUMNS}}`, 'g')) as string[]
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`
}

function decodePkcs8(bytes: Uint8Array): Uint8Array {
  if (
    bytes.length !== PKCS8_PREFIX.length + SEED_BYTES ||
    !equalBytes(bytes.subarray(0, PKCS8_PREFIX.length), PKCS8_PREFIX)
  ) {
    throw new MalformedError('a PKCS#8 key that is not an Ed25519 key of 48 bytes')
  }
  return bytes.slice(PKCS8_PREFIX.length)
}

function decodeOpenSsh(bytes: Uint8Array): Uint8Array {
  const file = new Fields(bytes)
  expect(equalBytes(file.bytes(MAGIC.length), MAGIC), 'an unknown format version')
  if (file.text() !== 'none') {
    throw encrypted()
  }
  expect(file.text() === 'none', 'a key derivation without a cipher')
  expect(file.field().length === 0, 'options of a key derivation without a cipher')
  expect(file.number() === 1, 'more or less than one key')
  const names = new Fields(file.field())
  const publicKey = publicKeyIn(names)
  names.end('bytes after the public key')
  const secret = new Fields(file.field())
  file.end('bytes after the key')
  expect(secret.number() === secret.number(), 'two check numbers that differ')
  expect(equalBytes(publicKeyIn(secret), publicKey), 'two public keys that differ')
  const pair = secret.field()
  expect(pair.length === 2 * SEED_BYTES, 'a secret of a wrong length')
  secret.field()
  const padding = secret.rest()
  expect(padding.length < BLOCK && padding.every((byte, i) => byte === i + 1), 'wrong padding')
  const seed = pair.slice(0, SEED_BYTES)
  const isPair = equalBytes(pair.subarray(SEED_BYTES), publicKey) && equalBytes(publicKeyOf(seed), publicKey)
  expect(isPair, 'a secret and a public key that do not belong together')
  return seed
}

function publicKeyIn(fields: Fields): Uint8Array {
  const type = fields.text()
  if (type !== TYPE) {
    throw new MalformedError(`a key of type ${type.replace(/[^!-~]/g, '?')}, not ${TYPE}`)
  }
  return fields.field()
}

/** Fields led by their length, four bytes, big-endian. */
class Fields {
  private at = 0

  constructor(private readonly all: Uint8Array) {}

  bytes(length: number): Uint8Array {
    expect(length <= this.all.length - this.at, 'an early end')
    this.at += length
    return this.all.subarray(this.at - length, this.at)
  }

  number(): number {
    const bytes = this.bytes(4)
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  }

  field(): Uint8Array {
    return this.bytes(this.number())
  }

  text(): string {
    return String.fromCharCode(...this.field())
  }

  rest(): Uint8Array {
    return this.bytes(this.all.length - this.at)
  }

  end(otherwise: string): void {
    expect(this.at === this.all.length, otherwise)
  }
}

function field(content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? encodeUtf8(content) : content
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, bytes.length)
  return concat(length, bytes)
}

function encrypted(): MalformedError {
  return new MalformedError(
    'the key is protected by a passphrase: remove it with `ssh-keygen -p -N "" -f FILE`, or use a key without one',
  )
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) {
    throw new MalformedError(`an OpenSSH private key with ${otherwise}`)
  }
}
