/**
 * The formats of Glasshouse, written a second time from docs/formats.md: everything that is signed
 * or hashed, read strictly, written in its one form, and verified. No input or output of its own,
 * and nothing that only Node or only a browser has.
 */
export * from './accusation.js'
export * from './archive-node.js'
export * from './archive-proof.js'
export * from './archive-tree.js'
export {
  compareBytes,
  concat,
  decodeUtf8,
  encodeUtf8,
  equalBytes,
  fromBase64,
  fromBase64Url,
  fromHex,
  toBase64,
  toBase64Url,
  toHex,
  utf8Length,
} from './bytes.js'
export * from './canonical-json.js'
export * from './checkpoint.js'
export * from './cosigned-checkpoint.js'
export { hasSoundForm, publicKeyOf, signWithSeed } from './ed25519.js'
export * from './entry.js'
export * from './entry-parts.js'
export * from './entry-rules.js'
export * from './errors.js'
export * from './evidence.js'
export * from './evidence-judge.js'
export * from './guest-values.js'
export * from './hash.js'
export * from './heap.js'
export * from './instant.js'
export * from './key-files.js'
export * from './limits.js'
export * from './members.js'
export * from './note.js'
export * from './policy.js'
export * from './proofs.js'
export * from './public-key.js'
export * from './receipt.js'
export * from './request.js'
export * from './script.js'
export * from './signed-call.js'
export * from './submission.js'
export {
  type BlobReader,
  type BlobReference,
  type Text,
  formatText,
  readText,
  requireBlob,
  sameText,
  textLength,
  textOf,
} from './texts.js'
export * from './tiles.js'
export * from './tree.js'
export * from './witness.js'
