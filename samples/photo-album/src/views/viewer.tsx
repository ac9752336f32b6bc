import { useEffect, useRef } from 'preact/hooks'
import { save } from '../../../../js/console/src/save.js'
import type { Album } from '../album.js'
import { usePicture } from '../parts/picture.js'
import { Proof } from '../parts/proof.js'

/** One photo, as large as it fits. */
export function Viewer({ album, name, show }: { album: Album; name: string; show(name: string | undefined): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { photos } = album
  const at = photos.findIndex((photo) => photo.name === name)
  const photo = photos[at] as (typeof photos)[number]
  const [picture] = usePicture(album, photo.file, true)
  useEffect(() => dialog.current?.showModal(), [])
  const step = (by: number) => show(photos[(at + by + photos.length) % photos.length]?.name)
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={name}
      onClose={() => show(undefined)}
      onClick={(event) => {
        if (event.target === dialog.current) {
          dialog.current?.close()
        }
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
          step(event.key === 'ArrowLeft' ? -1 : 1)
        }
      }}
    >
      <div class="stage">
        {picture?.kind === 'picture' ? (
          <img src={picture.url} alt={name} />
        ) : (
          <p class="hint" role="status">
            {picture === undefined ? 'verifying…' : 'This photo is not shown: it was not verified, or is no picture.'}
          </p>
        )}
      </div>
      <div class="side">
        <div class="line">
          <h2>{name}</h2>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <p class="buttons">
          <button type="button" onClick={() => step(-1)} disabled={photos.length < 2}>
            Previous
          </button>
          <button type="button" onClick={() => step(1)} disabled={photos.length < 2}>
            Next
          </button>
          {picture?.kind === 'picture' && (
            <button type="button" onClick={() => void album.files.content(photo.file).then((bytes) => save(name, bytes))}>
              Download
            </button>
          )}
        </p>
        {(picture?.kind === 'picture' || picture?.kind === 'no-picture') && (
          <>
            <h3>What was proved</h3>
            <Proof album={album} photo={photo} />
          </>
        )}
      </div>
    </dialog>
  )
}
