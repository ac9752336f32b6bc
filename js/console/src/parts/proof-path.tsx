import type { InclusionPath } from '../log/inclusion.js'
import { brief, count } from '../text.js'
import { Mark } from './basics.js'

const WIDTH = 420
const LEVEL = 46
const BOX = 108
const HEIGHT = 26
const FOOT = 20
const MIDDLE = WIDTH / 2
const SIDES = { left: BOX / 2 + 2, right: WIDTH - BOX / 2 - 2 }

/** The way from an entry's leaf to the root that the host has signed, drawn from the root down. */
export function ProofPath({ path }: { path: InclusionPath }) {
  const { steps } = path
  const height = steps.length * LEVEL + HEIGHT + 4 + FOOT
  const y = (level: number) => 2 + (steps.length - level) * LEVEL
  const hashes = [path.leaf, ...steps.map((step) => step.hash)]
  const summary =
    `From the leaf of entry ${path.index} by ${steps.length} hashes to the root of ${path.head.size} entries: ` +
    (path.holds ? 'it is the root that was signed.' : 'it is not the root that was signed.')
  return (
    <figure class="proof">
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={summary} class={path.holds ? '' : 'fails'}>
        {steps.map(({ side }, level) => (
          <g key={level}>
            <path class="way" d={`M${MIDDLE} ${y(level)}V${y(level + 1) + HEIGHT}`} />
            <path
              class="joins"
              d={`M${SIDES[side]} ${y(level)}V${y(level) - 10}H${MIDDLE}`}
            />
          </g>
        ))}
        {steps.map(({ sibling, side }, level) => (
          <Node key={level} x={SIDES[side]} y={y(level)} text={brief(sibling.hex(), 10)} kind="sibling" />
        ))}
        {hashes.map((hash, level) => (
          <Node
            key={level}
            x={MIDDLE}
            y={y(level)}
            text={brief(hash.hex(), 10)}
            kind={level === 0 ? 'leaf' : level === steps.length ? 'root' : 'inner'}
          />
        ))}
        <text x={MIDDLE + BOX / 2 + 10} y={y(steps.length) + HEIGHT / 2 + 4} class="said">
          root, signed
        </text>
        <text x={MIDDLE} y={y(0) + HEIGHT + 16} text-anchor="middle" class="said">
          entry {count(path.index)}
        </text>
      </svg>
      <figcaption>
        <Mark holds={path.holds}>
          {path.holds
            ? `Entry ${count(path.index)} is in the tree of ${count(path.head.size)} entries that the host has signed.`
            : 'The proof does not lead to the root that the host has signed.'}
        </Mark>
        <details>
          <summary>The hashes</summary>
          <ol class="hashes">
            <li>
              leaf <code>{path.leaf.hex()}</code>
            </li>
            {steps.map(({ sibling, side }, i) => (
              <li key={i}>
                from the {side} <code>{sibling.hex()}</code>
              </li>
            ))}
            <li>
              root <code>{path.head.root.hex()}</code>
            </li>
          </ol>
        </details>
      </figcaption>
    </figure>
  )
}

function Node({ x, y, text, kind }: { x: number; y: number; text: string; kind: string }) {
  return (
    <g class={kind}>
      <rect x={x - BOX / 2} y={y} width={BOX} height={HEIGHT} rx="4" />
      <text x={x} y={y + HEIGHT / 2 + 4} text-anchor="middle">
        {text}
      </text>
    </g>
  )
}
