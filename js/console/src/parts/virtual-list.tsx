import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Browsers end at some 16 million pixels: a longer list is scrolled in proportion. */
const MAX_HEIGHT = 8_000_000
const EXTRA = 6

export interface VirtualListProps {
  readonly length: number
  readonly rowHeight: number
  readonly label: string
  /** How many items were added at the top since the last time: what is looked at stays where it is. */
  readonly added: number
  /** The item that has, or would have, the focus. */
  readonly active: number
  onActive(item: number): void
  onOpen(item: number): void
  row(item: number): ComponentChildren
  /** Told which items are in sight. */
  onSight(first: number, last: number): void
}

/** A list of any length, of which only what is in sight exists. Arrow keys move in it, Enter opens. */
export function VirtualList(props: VirtualListProps) {
  const { length, rowHeight, active } = props
  const box = useRef<HTMLDivElement>(null)
  const [scroll, setScroll] = useState(0)
  const [view, setView] = useState(600)
  const full = length * rowHeight
  const height = Math.min(full, MAX_HEIGHT)
  const ratio = height > view ? (full - view) / (height - view) : 1
  const offset = scroll * ratio
  const first = Math.max(0, Math.floor(offset / rowHeight) - EXTRA)
  const last = Math.min(length, Math.ceil((offset + view) / rowHeight) + EXTRA)
  const added = useRef(props.added)
  const wantsFocus = useRef(false)

  useLayoutEffect(() => {
    const element = box.current as HTMLDivElement
    const measure = () => setView(element.clientHeight)
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [])

  // Whoever comes back to the list finds it where it was left.
  useLayoutEffect(() => {
    const element = box.current as HTMLDivElement
    const top = active * rowHeight
    if (top + rowHeight > element.clientHeight) {
      const middle = top - (element.clientHeight - rowHeight) / 2
      const scale = height > element.clientHeight ? (full - element.clientHeight) / (height - element.clientHeight) : 1
      element.scrollTop = middle / scale
      setScroll(element.scrollTop)
    }
  }, [])

  useLayoutEffect(() => {
    const more = props.added - added.current
    added.current = props.added
    const element = box.current
    if (more > 0 && element !== null && element.scrollTop > 0) {
      element.scrollTop += (more * rowHeight) / ratio
    }
  }, [props.added])

  useEffect(() => props.onSight(first, last), [first, last, length])

  // The active row gets the focus once it exists.
  useLayoutEffect(() => {
    if (wantsFocus.current) {
      const row = box.current?.querySelector<HTMLElement>(`[data-item="${active}"]`)
      if (row !== null && row !== undefined) {
        wantsFocus.current = false
        row.focus({ preventScroll: true })
      }
    }
  })

  const goTo = (item: number) => {
    const to = Math.max(0, Math.min(length - 1, item))
    const element = box.current as HTMLDivElement
    const top = to * rowHeight
    if (top < offset) {
      element.scrollTop = top / ratio
    } else if (top + rowHeight > offset + view) {
      element.scrollTop = (top + rowHeight - view) / ratio
    }
    wantsFocus.current = true
    props.onActive(to)
  }

  const pressed = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view / rowHeight) - 1)
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: length - 1,
    }
    const to = steps[event.key]
    if (to !== undefined) {
      event.preventDefault()
      goTo(to)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      props.onOpen(active)
    }
  }

  const rows: ComponentChildren[] = []
  for (let item = first; item < last; item++) {
    rows.push(
      <div
        key={item - props.added}
        role="row"
        aria-rowindex={item + 2}
        aria-selected={item === active}
        class="row"
        data-item={item}
        tabIndex={item === active || (item === first && (active < first || active >= last)) ? 0 : -1}
        style={{ transform: `translateY(${item * rowHeight - offset + scroll}px)`, height: `${rowHeight}px` }}
        onClick={(event) => {
          // With a modifier its link opens elsewhere.
          if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault()
            props.onActive(item)
            props.onOpen(item)
          }
        }}
        onFocus={() => item !== active && props.onActive(item)}
      >
        {props.row(item)}
      </div>,
    )
  }
  return (
    <div
      ref={box}
      class="virtual"
      role="rowgroup"
      aria-label={props.label}
      onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
      onKeyDown={pressed}
    >
      <div class="tall" role="presentation" style={{ height: `${height}px` }}>
        {rows}
      </div>
    </div>
  )
}
