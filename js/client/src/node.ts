/** What only Node has: files. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CallReceipt } from './call-receipt.js'

export { FileStore } from './file-store.js'

/**
 * Saves a receipt as `glass receipt` does: FILE, a C2SP tlog-proof, and FILE.entry, FILE.genesis and
 * FILE.blobs/ beside it. `glass receipt --check FILE` checks it, offline.
 */
export async function saveReceipt(file: string, receipt: CallReceipt): Promise<void> {
  for (const [suffix, bytes] of receipt.files()) {
    await mkdir(dirname(file + suffix), { recursive: true })
    await writeFile(file + suffix, bytes)
  }
}
