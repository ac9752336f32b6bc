import { useState } from 'preact/hooks'
import { save } from '../save.js'
import { count } from '../text.js'

/** What is shown of a text at once: browsers stand still over millions of characters. */
const SHOWN = 100_000

interface LongTextProps {
  readonly text: string
  /** What it is saved as, and for screen readers what it is. */
  readonly name: string
}

/** A text of any length, whose beginning is shown if it is long. */
export function LongText({ text, name }: LongTextProps) {
  const [isWhole, setWhole] = useState(false)
  const isCut = !isWhole && text.length > SHOWN
  return (
    <>
      <pre class="wrap" tabIndex={0} role="group" aria-label={name}>
        {isCut ? text.slice(0, SHOWN) : text}
      </pre>
      {isCut && (
        <p class="buttons">
          <span class="hint">
            The first {count(SHOWN)} of {count(text.length)} characters.
          </span>
          <button type="button" class="quiet" onClick={() => setWhole(true)}>
            Show all
          </button>
          <button type="button" class="quiet" onClick={() => save(`${name}.txt`, text, 'text/plain')}>
            Save
          </button>
        </p>
      )}
    </>
  )
}
