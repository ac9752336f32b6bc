import {
  Checkpoint,
  EntryBundle,
  type Hash,
  Note,
  NoteKey,
  NoteSignature,
  Tile,
  TreeHead,
  consistencyProof,
  decodeUtf8,
  encodeUtf8,
  inclusionProof,
  leafHash,
  rootOf,
} from 'glasshouse-formats'
import type { Host } from './host.js'
import type { Relay } from './relay.js'

/** What a host's newest checkpoint says. */
export async function newestOf(host: Host): Promise<{ origin: string; size: number }> {
  const note = await (await fetch(`http://${host.place}/checkpoint`)).text()
  const [origin = '', size] = note.split('\n')
  return { origin, size: Number(size) }
}

/** The entries of a log of at most one bundle. */
export async function entriesOf(host: Host): Promise<Uint8Array[]> {
  const { size } = await newestOf(host)
  const bundle = EntryBundle.holding(0n, BigInt(size))
  return bundle.decode(
    new Uint8Array(await (await fetch(`http://${host.place}/${bundle.path()}`)).arrayBuffer()),
  )
}

/** A checkpoint of any tree, signed by the host's own key. */
export async function signedBy(host: Host, head: TreeHead): Promise<string> {
  const { origin } = await newestOf(host)
  const text = new Checkpoint(origin, head).text()
  const key = new NoteKey(origin, host.key.publicKey)
  const line = new NoteSignature(origin, key.id, await host.key.sign(encodeUtf8(text)))
  return new Note(text, [line]).format()
}

/** A log that the host's key has signed, and that is not the host's: entries, and what is made of them. */
export class Forgery {
  private readonly leaves: Hash[]

  constructor(
    private readonly host: Host,
    readonly entries: readonly Uint8Array[],
  ) {
    this.leaves = entries.map(leafHash)
  }

  async checkpoint(): Promise<string> {
    return signedBy(this.host, new TreeHead(BigInt(this.entries.length), rootOf(this.leaves)))
  }

  async receipt(index: number): Promise<object> {
    const proof = await inclusionProof(BigInt(index), BigInt(this.entries.length), this)
    const entry = decodeUtf8(this.entries[index] as Uint8Array)
    return { checkpoint: await this.checkpoint(), entry, index, proof: proof.map((hash) => hash.base64()) }
  }

  async consistency(old: number): Promise<string[]> {
    const proof = await consistencyProof(BigInt(old), BigInt(this.entries.length), this)
    return proof.map((hash) => hash.base64())
  }

  /** Publishes the tree in place of the host's. */
  publish(relay: Relay): void {
    const size = BigInt(this.entries.length)
    for (const tile of Tile.partials(size)) {
      relay.pages.set(`/${tile.path()}`, Tile.encode(this.leaves))
    }
    relay.pages.set(`/${EntryBundle.holding(0n, size).path()}`, EntryBundle.encode(this.entries))
  }

  /** Serves it as the host's newest log: published, and to whoever connects. */
  async serve(relay: Relay): Promise<void> {
    const checkpoint = await this.checkpoint()
    this.publish(relay)
    relay.pages.set('/checkpoint', encodeUtf8(checkpoint))
    relay.alter = ({ method, result }) => (method === 'rpc.info' ? { ...result, checkpoint } : undefined)
  }

  async subtree(level: number, index: bigint): Promise<Hash> {
    return rootOf(this.leaves.slice(Number(index) << level, (Number(index) + 1) << level))
  }
}
