import { useEffect, useRef, useState } from 'preact/hooks'

/** Takes files that are dropped anywhere on the page; whether some are held over it now. */
export function useDrop(take: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false)
  const taken = useRef(take)
  taken.current = take
  useEffect(() => {
    // Elements within the page are entered and left as well.
    let depth = 0
    const withFiles = (act: (event: DragEvent) => void) => (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) {
        event.preventDefault()
        act(event)
        setOver(depth > 0)
      }
    }
    const listeners: Record<string, (event: DragEvent) => void> = {
      dragenter: withFiles(() => depth++),
      dragleave: withFiles(() => depth--),
      dragover: withFiles(() => undefined),
      drop: withFiles((event) => {
        depth = 0
        taken.current([...(event.dataTransfer?.files ?? [])])
      }),
    }
    const each = Object.entries(listeners) as [string, EventListener][]
    each.forEach(([name, listener]) => addEventListener(name, listener))
    return () => each.forEach(([name, listener]) => removeEventListener(name, listener))
  }, [])
  return isOver
}
