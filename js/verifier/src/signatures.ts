import { PublicKey, equalBytes, hasSoundForm, toBase64Url } from 'glasshouse-formats'
import { platform } from '#platform'
import type { NativeEd25519 } from './platform.js'
import type { WorkerHandle } from './port.js'

/** A signature that a caller is said to have made. */
export interface CallSignature {
  readonly key: PublicKey
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** Signatures as they cross to a thread: one after another, the ends of the messages beside them. */
export interface SignatureBatch {
  readonly id: number
  readonly keys: Uint8Array
  readonly signatures: Uint8Array
  readonly messages: Uint8Array
  readonly ends: Uint32Array
}

const MAX_WORKERS = 4

/** Who waits for a batch that is in a thread. */
interface Asked {
  resolve(holds: Uint8Array): void
  reject(error: Error): void
}
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64

/**
 * Verifies callers' signatures by the rule of formats.md, section 4, as fast as this platform can: by
 * WebCrypto in browsers that have Ed25519, otherwise in threads of our own.
 *
 * A native verifier may compute the equation without the cofactor, and then refuses signatures that
 * the rule accepts. What it accepts, the rule accepts too, if the key is one of the rule's and the
 * signature has a sound form, both of which are seen to here. What it refuses is computed again by
 * the rule.
 */
export class Signatures {
  private readonly workers: WorkerHandle[] = []
  private readonly asked = new Map<number, Asked>()
  private next = 0

  private constructor(private readonly native: NativeEd25519<Promise<boolean>> | undefined) {}

  static async open(): Promise<Signatures> {
    const signatures = new Signatures(await platform.nativeEd25519())
    if (signatures.native === undefined) {
      signatures.startWorkers()
    }
    return signatures
  }

  /** Of each, whether it holds. */
  async verify(batch: readonly CallSignature[]): Promise<boolean[]> {
    const whole = batch.filter(({ signature }) => signature.length === SIGNATURE_BYTES)
    if (whole.length < batch.length) {
      const holds = await this.verify(whole)
      return batch.map((each) => holds[whole.indexOf(each)] ?? false)
    }
    const native = this.native
    if (native !== undefined) {
      return Promise.all(
        batch.map(
          async ({ key, message, signature }) =>
            hasSoundForm(signature) &&
            ((await native(key.bytes(), message, signature)) || key.verify(message, signature)),
        ),
      )
    }
    if (this.workers.length === 0 || batch.length === 0) {
      return batch.map(({ key, message, signature }) => holdsHere(key, message, signature))
    }
    const holds = await this.inWorker(batch)
    return Array.from(holds, (each) => each === 1)
  }

  close(): void {
    this.workers.forEach((worker) => worker.end())
  }

  private startWorkers(): void {
    for (let i = 0; i < Math.min(MAX_WORKERS, Math.max(1, platform.cores - 1)); i++) {
      const worker = platform.startWorker('signature-worker')
      if (worker === undefined) {
        return
      }
      worker.listen((message) => {
        const { id, holds } = message as { id: number; holds: Uint8Array }
        this.asked.get(id)?.resolve(holds)
        this.asked.delete(id)
      })
      worker.onFailure((error) => {
        this.asked.forEach(({ reject }) => reject(error))
        this.asked.clear()
      })
      this.workers.push(worker)
    }
  }

  private inWorker(batch: readonly CallSignature[]): Promise<Uint8Array> {
    const id = this.next++
    const keys = new Uint8Array(KEY_BYTES * batch.length)
    const signatures = new Uint8Array(SIGNATURE_BYTES * batch.length)
    const messages = new Uint8Array(batch.reduce((sum, { message }) => sum + message.length, 0))
    const ends = new Uint32Array(batch.length)
    let at = 0
    batch.forEach(({ key, message, signature }, i) => {
      keys.set(key.bytes(), KEY_BYTES * i)
      signatures.set(signature, SIGNATURE_BYTES * i)
      messages.set(message, at)
      at += message.length
      ends[i] = at
    })
    const crossing: SignatureBatch = { id, keys, signatures, messages, ends }
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject })
      const worker = this.workers[id % this.workers.length] as WorkerHandle
      worker.post(crossing, [keys.buffer, signatures.buffer, messages.buffer, ends.buffer])
    })
  }
}

// By what this thread has.
function holdsHere(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const native = platform.nativeEd25519Here
  const isFast = native !== undefined && hasSoundForm(signature) && native(key.bytes(), message, signature)
  return isFast || key.verify(message, signature)
}

/** Verifies a batch that has crossed. */
export function verifyBatch({ keys, signatures, messages, ends }: SignatureBatch): Uint8Array {
  const holds = new Uint8Array(ends.length)
  let at = 0
  ends.forEach((end, i) => {
    const key = keyOf(keys.subarray(KEY_BYTES * i, KEY_BYTES * (i + 1)))
    const signature = signatures.subarray(SIGNATURE_BYTES * i, SIGNATURE_BYTES * (i + 1))
    holds[i] = holdsHere(key, messages.subarray(at, end), signature) ? 1 : 0
    at = end
  })
  return holds
}

// To find the point of a key takes longer than to verify a signature natively, and one caller has
// many entries.
let last: { bytes: Uint8Array; key: PublicKey } | undefined

function keyOf(bytes: Uint8Array): PublicKey {
  if (last === undefined || !equalBytes(last.bytes, bytes)) {
    last = { bytes: bytes.slice(), key: PublicKey.parse(`ed25519:${toBase64Url(bytes)}`) }
  }
  return last.key
}
