/** A thread that verifies signatures where the platform has no Ed25519 of its own. */
import { platform } from '#platform'
import { type SignatureBatch, verifyBatch } from './signatures.js'

const port = platform.ownPort()
port?.listen((message) => {
  const batch = message as SignatureBatch
  port.post({ id: batch.id, holds: verifyBatch(batch) })
})
