import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { sentenceOf } from '../text.js'

const SAID_MILLIS = 1500

/** The heading of a view. It takes the focus when somebody comes here by a link. */
export function Title({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Not at first: the page itself has just been opened.
    if (document.documentElement.dataset['moved'] === 'yes') {
      scrollTo(0, 0)
      heading.current?.focus({ preventScroll: true })
    }
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}

/** A hash, key or other bytes, to be copied. */
export function Bytes({ text, name }: { text: string; name: string }) {
  const [said, setSaid] = useState('')
  const shown = useRef<HTMLElement>(null)
  const copy = async () => {
    const isCopied = await copied(text)
    if (!isCopied && shown.current !== null) {
      getSelection()?.selectAllChildren(shown.current)
    }
    setSaid(isCopied ? 'copied' : 'selected')
    setTimeout(() => setSaid(''), SAID_MILLIS)
  }
  return (
    <span class="bytes">
      <code ref={shown}>{text}</code>
      <button type="button" class="copy" onClick={() => void copy()} aria-label={`Copy ${name}`}>
        {said || 'copy'}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </span>
  )
}

// Pages that came without TLS from another machine have no clipboard.
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Something that this page has verified itself, or found not to hold. */
export function Mark({ holds, children }: { holds: boolean; children: ComponentChildren }) {
  return (
    <span class={holds ? 'mark holds' : 'mark fails'}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d={holds ? 'M3 8.5 6.5 12 13 4.5' : 'M4 4l8 8M12 4l-8 8'} />
      </svg>
      <span class="unseen">{holds ? 'Verified: ' : 'Does not hold: '}</span>
      {children}
    </span>
  )
}

/** A box with something to heed. */
export function Notice({
  kind,
  title,
  children,
}: {
  kind: 'note' | 'warning' | 'error'
  title?: string
  children: ComponentChildren
}) {
  return (
    <div class={`notice ${kind}`} role={kind === 'error' ? 'alert' : undefined}>
      {title !== undefined && <strong>{title}</strong>}
      {children}
    </div>
  )
}

export function Failure({ error, title }: { error: unknown; title?: string }) {
  return (
    <Notice kind="error" {...(title === undefined ? {} : { title })}>
      <p>{sentenceOf(error)}</p>
    </Notice>
  )
}

/** What takes a moment; said to screen readers only if it takes longer. */
export function Waiting({ what }: { what: string }) {
  return (
    <p class="waiting" role="status">
      {what}…
    </p>
  )
}

/** Names and what they are. */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
