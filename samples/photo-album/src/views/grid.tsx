import { useEffect, useRef, useState } from 'preact/hooks'
import type { Album, Photo } from '../album.js'
import { usePicture } from '../parts/picture.js'
import { VerifiedMark } from '../parts/verified-mark.js'

/** All photos. Each is fetched when it comes near the screen, and shown when it is verified. */
export function Grid({ album, open }: { album: Album; open(name: string): void }) {
  return (
    <ul class="grid" aria-label="Photos">
      {album.photos.map((photo) => (
        <Tile key={photo.name} album={album} photo={photo} open={open} />
      ))}
    </ul>
  )
}

function Tile({ album, photo, open }: { album: Album; photo: Photo; open(name: string): void }) {
  const tile = useRef<HTMLLIElement>(null)
  const isNear = useNear(tile)
  const isNew = album.arrived.includes(photo.name)
  const { name, file } = photo
  const [picture, broken] = usePicture(album, file, isNear)
  return (
    <li ref={tile} class={`tile ${picture?.kind ?? 'coming'}${isNew ? ' new' : ''}`} data-name={name}>
      {picture === undefined && (
        <div class="frame-of" role="img" aria-label={`${name}, being verified`}>
          <span class="hint">verifying…</span>
        </div>
      )}
      {picture?.kind === 'picture' && (
        <button type="button" class="frame-of" onClick={() => open(name)} aria-label={`Open ${name}`}>
          <img src={picture.url} alt="" onError={broken} />
        </button>
      )}
      {picture?.kind === 'no-picture' && (
        <div class="frame-of">
          <strong>No picture</strong>
          <span class="hint">The file is the one in the log, but browsers do not show its kind.</span>
        </div>
      )}
      {picture?.kind === 'altered' && (
        <div class="frame-of">
          <Cross />
          <strong>Not shown</strong>
          <span>The host gave other bytes than its log has.</span>
        </div>
      )}
      {picture?.kind === 'withheld' && (
        <div class="frame-of">
          <strong>Not there</strong>
          <span>The host does not give this photo.</span>
          <button type="button" onClick={() => album.pictures.forget(file)} aria-label={`Ask for ${name} again`}>
            Ask again
          </button>
        </div>
      )}
      <div class="caption">
        <span class="name" title={name}>
          {name}
        </span>
        {(picture?.kind === 'picture' || picture?.kind === 'no-picture') && <VerifiedMark album={album} photo={photo} />}
        {picture?.kind === 'altered' && <span class="state fails">does not verify</span>}
        {picture?.kind === 'withheld' && <span class="state">not verified</span>}
      </div>
    </li>
  )
}

function Cross() {
  return (
    <svg viewBox="0 0 16 16" width="28" height="28" aria-hidden="true">
      <path d="M3 3l10 10M13 3 3 13" />
    </svg>
  )
}

/** Whether an element has been near what is to be seen. */
function useNear(element: { current: HTMLElement | null }): boolean {
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          setNear(true)
          seen.disconnect()
        }
      },
      { rootMargin: '600px' },
    )
    seen.observe(element.current as HTMLElement)
    return () => seen.disconnect()
  }, [])
  return isNear
}
