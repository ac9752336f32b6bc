// Randomness. Math.random is xoshiro128**, seeded on its first use in a call by 128 bits of entropy that
// the host logs as an input of that call.
import { imul, put } from './captured.js'
import { ask, OP } from './host.js'

const SEED_BYTES = '16'

let seeded = false
let s0, s1, s2, s3

// The next use takes fresh entropy.
export function unseed () {
  seeded = false
}

function seed () {
  const bytes = ask(OP.entropy, SEED_BYTES)
  const word = (i) => bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 | bytes[i + 3] << 24
  s0 = word(0)
  s1 = word(4)
  s2 = word(8)
  s3 = word(12) | 1
  seeded = true
}

function next () {
  if (!seeded) seed()
  const product = imul(s1, 5)
  const result = imul(product << 7 | product >>> 25, 9)
  const t = s1 << 9
  s2 ^= s0
  s3 ^= s1
  s1 ^= s2
  s0 ^= s3
  s2 ^= t
  s3 = s3 << 11 | s3 >>> 21
  return result >>> 0
}

put(Math, 'random', function random () {
  return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992
}, false)
