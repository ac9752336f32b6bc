import { useId, useRef } from 'preact/hooks'
import type { Album, Photo } from '../album.js'
import { Proof } from './proof.js'

const MARGIN = 8

/**
 * The mark of a photo that was verified. It says what was proved: in brief to whoever comes to it, in
 * full when it is pressed.
 */
export function VerifiedMark({ album, photo }: { album: Album; photo: Photo }) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const sha256 = photo.file.sha256.hex().slice(0, 12)
  const brief = `SHA-256 ${sha256}…, in the archive that entry ${album.files.index} of the signed log names`
  return (
    <>
      <button
        ref={button}
        type="button"
        class="verified"
        popovertarget={id}
        aria-label={`${photo.name} is verified: what was proved`}
        aria-description={brief}
        title={brief}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M3 8.5 6.5 12 13 4.5" />
        </svg>
        verified
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="proof-panel"
        role="dialog"
        aria-label={`What was proved of ${photo.name}`}
        onToggle={() => place(panel.current, button.current)}
      >
        <Proof album={album} photo={photo} />
        <button type="button" popovertarget={id} popovertargetaction="hide">
          Close
        </button>
      </div>
    </>
  )
}

// Beside its mark, and within the window; on a phone the style sheet has it at the bottom.
function place(panel: HTMLElement | null, mark: HTMLElement | null): void {
  if (panel === null || mark === null || !panel.matches(':popover-open')) {
    return
  }
  const at = mark.getBoundingClientRect()
  const below = at.bottom + MARGIN
  const fits = below + panel.offsetHeight + MARGIN <= innerHeight
  const left = Math.min(at.right - panel.offsetWidth, innerWidth - panel.offsetWidth - MARGIN)
  panel.style.left = `${Math.max(MARGIN, left)}px`
  panel.style.top = `${fits ? below : Math.max(MARGIN, at.top - panel.offsetHeight - MARGIN)}px`
}
