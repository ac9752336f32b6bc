// Checks a published log by what clients of Sigstore's transparency logs verify entries with
// (@sigstore/verify) and by an implementation of RFC 9162 (@transmute/rfc9162), and a cosignature of a
// witness by one of ML-DSA (@noble/post-quantum): code that knows nothing of this log's software. Then it
// doctors what it read, and expects the same checks to refuse it. It prints a line for each check.
//
//   node check.mjs URL LOG-ID DIR VECTORS      with N.receipt and N.tlog-proof of some entries N in DIR,
//                                              and VECTORS docs/vectors/cosignature.json
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ml_dsa44 as mlDsa44 } from '@noble/post-quantum/ml-dsa.js'
import { TransparencyLogEntry } from '@sigstore/protobuf-specs'
import { verifyTLogInclusion } from '@sigstore/verify/dist/tlog/index.js'
import { RFC9162 as rfc9162 } from '@transmute/rfc9162'
import { Tiles, read } from './tiles.mjs'

const ENTRIES = 70_000 // three levels of tiles, the second with more than one
const INCLUSIONS = 500
const SIZES = 100
const SEED = 2026

const [url, id, dir, vectors] = process.argv.slice(2)
let passed = 0
let failed = 0

// Prints a line for what should hold.
async function check (what, run) {
  try {
    await run()
    passed++
    console.log(`ok      ${what}`)
  } catch (e) {
    failed++
    console.log(`FAILED  ${what}: ${e.message}`)
  }
}

// Prints a line for what should not hold in any of these cases, with the words of the last refusal.
async function refused (what, cases, run) {
  let words
  for (const [i, each] of cases.entries()) {
    const error = await run(each).then(() => null, e => e)
    if (error === null) {
      failed++
      console.log(`FAILED  ${cases.length} ${what}: number ${i} is accepted`)
      return
    }
    words = error.message
  }
  passed++
  console.log(`ok      refused: ${cases.length} ${what} (${words})`)
}

// Numbers that are the same every time (the generator of Numerical Recipes).
let state = SEED
function below (bound) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor(state / 2 ** 32 * bound)
}

async function inTurn (values, run) {
  const results = []
  for (const value of values) results.push(await run(value))
  return results
}

// A copy with one bit changed.
function flip (bytes, at = bytes.length >> 1) {
  const other = Buffer.from(bytes)
  other[at] ^= 1
  return other
}

// ---- the log ------------------------------------------------------------------------------------

// Whose checkpoints count: the key in entry 0, which must be the one that the log's id names.
async function signerOf (entry) {
  if (Buffer.from(await rfc9162.leaf(entry)).toString('hex') !== id) {
    throw new Error('entry 0 is that of another log')
  }
  const { host, origin } = JSON.parse(entry)
  const x = host.slice('ed25519:'.length)
  const named = Buffer.concat([Buffer.from(`${origin}\n\x01`), Buffer.from(x, 'base64url')])
  return {
    baseURL: `https://${origin}`,
    logID: createHash('sha256').update(named).digest(), // begins with the key id of signed-note
    publicKey: createPublicKey({ format: 'jwk', key: { crv: 'Ed25519', kty: 'OKP', x } })
  }
}

// An entry as what proves it: index, bytes, hashes and checkpoint. As Sigstore's clients get it from a
// log, and verified as they do.
async function verify (proof, signer) {
  const entry = TransparencyLogEntry.fromJSON({
    canonicalizedBody: proof.entry.toString('base64'),
    inclusionProof: {
      checkpoint: { envelope: proof.checkpoint },
      hashes: proof.hashes.map(hash => hash.toString('base64')),
      logIndex: String(proof.index)
    }
  })
  verifyTLogInclusion(entry, [signer])
}

// Size and root of a checkpoint. Counts only once verify has taken it.
function headOf (checkpoint) {
  const [, size, root] = checkpoint.split('\n')
  return { root: Buffer.from(root, 'base64'), size: Number(size) }
}

// Throws unless the newer tree begins with the older one.
async function verifyConsistency ({ hashes, newer, older }) {
  const proof = {
    // RFC 9162 section 2.1.4.2, step 2, which the package leaves to its caller.
    consistency_path: Number.isInteger(Math.log2(older.size)) ? [older.root, ...hashes] : hashes,
    log_id: '',
    tree_size_1: older.size,
    tree_size_2: newer.size
  }
  if (!await rfc9162.verifyConsistencyProof(older.root, newer.root, proof)) {
    throw new Error('calculated root hashes do not match')
  }
}

const asHashes = lines => lines.map(line => Buffer.from(line, 'base64'))

function receiptOf (index) {
  const { checkpoint, entry, proof } = JSON.parse(readFileSync(join(dir, `${index}.receipt`)))
  return { checkpoint, entry: Buffer.from(entry), hashes: asHashes(proof), index }
}

// The file of C2SP tlog-proof beside the receipt.
function tlogProofOf (index, entry) {
  const file = readFileSync(join(dir, `${index}.tlog-proof`), 'utf8')
  const blank = file.indexOf('\n\n')
  const [first, second, ...hashes] = file.slice(0, blank).split('\n')
  if (first !== 'c2sp.org/tlog-proof@v1') throw new Error('not a tlog-proof')
  return {
    checkpoint: file.slice(blank + 2),
    entry,
    hashes: asHashes(hashes),
    index: Number(second.slice('index '.length))
  }
}

const checkpoint = (await read(`${url}/checkpoint`)).toString()
const signed = headOf(checkpoint)
const tiles = new Tiles(url, signed.size)
const entries = await tiles.entries()
const signer = await signerOf(entries[0])
const proofOf = async index =>
  ({ checkpoint, entry: entries[index], hashes: await tiles.inclusion(index, signed.size), index })
const treeOf = async size => ({ root: await tiles.root(size), size })
const consistencyOf = async (older, newer) =>
  ({ hashes: await tiles.consistency(older.size, newer.size), newer, older })

// ---- what holds ---------------------------------------------------------------------------------

const indexes = readdirSync(dir)
  .filter(file => file.endsWith('.receipt'))
  .map(file => parseInt(file))
  .sort((a, b) => a - b)
const receipts = indexes.map(receiptOf)
const chosen = [0, 1, 255, 256, 65_535, 65_536, signed.size - 1]
while (chosen.length < INCLUSIONS) chosen.push(below(signed.size))
const proofs = await inTurn(chosen, proofOf)
const older = receipts.map(receipt => headOf(receipt.checkpoint)).filter(head => head.size < signed.size)
const steps = await inTurn(older, head => consistencyOf(head, signed))
const between = []
while (between.length < SIZES) {
  const newer = await treeOf(2 + below(signed.size - 2))
  between.push(await consistencyOf(await treeOf(1 + below(newer.size - 1)), newer))
  between.push(await consistencyOf(newer, signed))
}

await check(`sigstore: the checkpoint of ${signed.size} entries, by its first one`, () =>
  verify(proofs[0], signer))
await check(`rfc9162: the root over these ${entries.length} entries is the signed one`, async () => {
  if (signed.size < ENTRIES) throw new Error('a shorter log than this check is made for')
  if (!signed.root.equals(await rfc9162.treeHead(entries))) throw new Error('it is another')
})
for (const receipt of receipts) {
  const { size } = headOf(receipt.checkpoint)
  await check(`sigstore: the receipt of entry ${receipt.index}, in a signed tree of ${size}`, () =>
    verify(receipt, signer))
  await check(`sigstore: the tlog-proof of entry ${receipt.index}, which the log still has`, () =>
    verify(tlogProofOf(receipt.index, entries[receipt.index]), signer))
}
await check(`sigstore: ${proofs.length} entries, proven from tiles (seed ${SEED})`, async () => {
  for (const proof of proofs) await verify(proof, signer)
})
await check(`rfc9162: ${steps.length} checkpoints signed before are the log's beginning`, async () => {
  for (const step of steps) await verifyConsistency(step)
})
await check(`rfc9162: ${between.length} trees of sizes between are consistent`, async () => {
  for (const step of between) await verifyConsistency(step)
})

// ---- what does not ------------------------------------------------------------------------------

const all = [...receipts, ...proofs.slice(0, 100)]
const lies = doctored => refused(doctored.what, all.map(doctored.doctor), proof => verify(proof, signer))
const otherText = (proof, doctor) => {
  const lines = proof.checkpoint.split('\n')
  doctor(lines)
  return { ...proof, checkpoint: lines.join('\n') }
}
const stranger = generateKeyPairSync('ed25519').privateKey
const line = (name, keyId, text, key) =>
  `\u2014 ${name} ${Buffer.concat([keyId, sign(null, Buffer.from(text), key)]).toString('base64')}\n`
const textOf = proof => proof.checkpoint.slice(0, proof.checkpoint.indexOf('\n\n') + 1)
const keyId = signer.logID.subarray(0, 4)
const origin = checkpoint.split('\n')[0]

for (const doctored of [
  {
    doctor: proof => ({ ...proof, entry: flip(proof.entry) }),
    what: 'proofs with one byte of the entry changed'
  },
  {
    doctor: proof => ({ ...proof, entry: entries[(proof.index + 1) % signed.size] }),
    what: 'proofs of another entry'
  },
  {
    doctor: proof => ({ ...proof, index: proof.index ^ 1 }),
    what: 'proofs for the place beside'
  },
  {
    doctor: proof => ({ ...proof, index: headOf(proof.checkpoint).size + proof.index }),
    what: 'proofs for a place that the tree does not have'
  },
  {
    doctor: proof => {
      const at = below(proof.hashes.length)
      return { ...proof, hashes: proof.hashes.map((hash, i) => i === at ? flip(hash) : hash) }
    },
    what: 'proofs with one hash changed'
  },
  {
    doctor: proof => ({ ...proof, hashes: proof.hashes.slice(1) }),
    what: 'proofs with one hash less'
  },
  {
    doctor: proof => ({ ...proof, hashes: [...proof.hashes, proof.hashes[0]] }),
    what: 'proofs with one hash more'
  },
  {
    doctor: proof => otherText(proof, lines => { lines[1] = String(Number(lines[1]) + 1) }),
    what: 'checkpoints of another size'
  },
  {
    doctor: proof => otherText(proof, lines => {
      lines[2] = flip(Buffer.from(lines[2], 'base64')).toString('base64')
    }),
    what: 'checkpoints of another root'
  },
  {
    doctor: proof => otherText(proof, lines => { lines[0] += 'x' }),
    what: 'checkpoints of another origin'
  },
  {
    doctor: proof => otherText(proof, lines => {
      const [dash, name, signature] = lines[4].split(' ')
      const changed = flip(Buffer.from(signature, 'base64'), 4 + below(64)).toString('base64')
      lines[4] = [dash, name, changed].join(' ')
    }),
    what: 'signatures with one bit changed'
  },
  {
    doctor: proof => ({ ...proof, checkpoint: textOf(proof) + '\n' }),
    what: 'checkpoints without a signature'
  },
  {
    doctor: proof =>
      ({ ...proof, checkpoint: `${textOf(proof)}\n${line(origin, keyId, textOf(proof), stranger)}` }),
    what: 'checkpoints that a stranger signed as the log'
  },
  {
    doctor: proof => {
      const forged = `${origin}\n${signed.size}\n${flip(signed.root).toString('base64')}\n`
      const lines = proof.checkpoint.slice(textOf(proof).length)
      return { ...proof, checkpoint: forged + lines }
    },
    what: 'signatures of the log under another text'
  }
]) {
  await lies(doctored)
}
await refused('receipts under the newest checkpoint', receipts.slice(0, -1), receipt =>
  verify({ ...receipt, checkpoint }, signer))

const forks = [...steps, ...between]
for (const [what, doctor] of [
  ['trees that begin with another root', step =>
    ({ ...step, older: { ...step.older, root: flip(step.older.root) } })],
  ['trees that end with another root', step =>
    ({ ...step, newer: { ...step.newer, root: flip(step.newer.root) } })],
  ['consistency proofs with one hash changed', step => {
    const at = below(step.hashes.length)
    return { ...step, hashes: step.hashes.map((hash, i) => i === at ? flip(hash) : hash) }
  }],
  ['consistency proofs with one hash less', step => ({ ...step, hashes: step.hashes.slice(0, -1) })]
]) {
  await refused(what, forks.map(doctor), verifyConsistency)
}

// ---- a witness's cosignature, of which this log has none here ----------------------------------------

const { line: cosigned, name: cosigner, note, vkey } = JSON.parse(readFileSync(vectors)).mlDsa

// The structure cosigned_message of C2SP tlog-cosignature.
function cosignedMessage (text, time) {
  const [origin, size, root] = text.split('\n')
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(size))
  return Buffer.concat([
    Buffer.from('subtree/v1\n\0'),
    Buffer.of(cosigner.length), Buffer.from(cosigner), time,
    Buffer.of(origin.length), Buffer.from(origin), Buffer.alloc(8), number,
    Buffer.from(root, 'base64')
  ])
}

async function verifyCosignature ({ line, text }) {
  const typed = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64')
  const bytes = Buffer.from(line.split(' ')[2], 'base64')
  const keyId = createHash('sha256').update(`${cosigner}\n`).update(typed).digest().subarray(0, 4)
  if (typed[0] !== 6 || !keyId.equals(bytes.subarray(0, 4))) throw new Error('of another key')
  const message = cosignedMessage(text, bytes.subarray(4, 12))
  if (!mlDsa44.verify(bytes.subarray(12), message, typed.subarray(1))) throw new Error('it does not hold')
}

const cosignedText = note.slice(0, note.indexOf('\n\n') + 1)
await check('noble: the ML-DSA-44 cosignature of the vectors', async () => {
  if (!note.endsWith(`${cosigned}\n`)) throw new Error('it is not under the note')
  await verifyCosignature({ line: cosigned, text: cosignedText })
})
const [cosignedDash, , cosignedBytes] = cosigned.split(' ')
const changedAt = at =>
  [cosignedDash, cosigner, flip(Buffer.from(cosignedBytes, 'base64'), at).toString('base64')].join(' ')
await refused('doctored cosignatures', [
  { line: cosigned, text: cosignedText.replace('\n3\n', '\n4\n') },
  { line: cosigned, text: `x${cosignedText}` },
  { line: changedAt(2), text: cosignedText },
  { line: changedAt(11), text: cosignedText },
  { line: changedAt(12), text: cosignedText },
  { line: changedAt(2000), text: cosignedText }
], verifyCosignature)

console.log(`independent, npm: ${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
