import { useEffect, useState } from 'preact/hooks'
import { useObservable } from '../../../../js/console/src/hooks.js'
import { Failure, Notice } from '../../../../js/console/src/parts/basics.js'
import { CaughtNotice } from '../../../../js/console/src/parts/caught.js'
import { brief, plural } from '../../../../js/console/src/text.js'
import type { Album } from '../album.js'
import { useDrop } from '../parts/drop.js'
import { Uploads } from '../uploads.js'
import { AddPhotos } from './add.js'
import { About } from './about.js'
import { Grid } from './grid.js'
import { UploadList } from './uploads.js'
import { Viewer } from './viewer.js'

/** An album whose log is pinned. */
export function AlbumView({ album }: { album: Album }) {
  useObservable(album)
  const [uploads] = useState(() => new Uploads(album))
  const [open, setOpen] = useState<string | undefined>()
  const add = (files: readonly File[]) => uploads.add(files)
  const isDropping = useDrop(add)
  const { photos, info } = album
  useEffect(() => {
    document.title = `${info.title} · photo album`
  }, [info.title])
  return (
    <div class={isDropping ? 'frame dropping' : 'frame'}>
      <header class="top">
        <h1>Photo album</h1>
        <Live album={album} />
        <AddPhotos add={add} isOff={album.caught !== undefined} />
      </header>
      <main id="main">
        {album.caught !== undefined && <CaughtNotice error={album.caught} />}
        {album.caught === undefined && album.problem !== undefined && (
          <Failure title="What the host lists now cannot be verified, and is not shown." error={album.problem} />
        )}
        <Altered album={album} />
        {info.isDebug && (
          <Notice kind="warning" title="This is a debug host.">
            <p>It takes callers at their word who do not sign. Use it to try things out.</p>
          </Notice>
        )}
        <UploadList uploads={uploads} />
        {photos.length === 0 ? <Empty isDropping={isDropping} /> : <Grid album={album} open={setOpen} />}
        <p class="unseen" role="status">
          {album.arrived.length > 0 && `${plural(album.arrived.length, 'new photo')}: ${album.arrived.join(', ')}`}
        </p>
      </main>
      <About album={album} />
      {open !== undefined && album.has(open) && <Viewer album={album} name={open} show={setOpen} />}
      {isDropping && (
        <div class="drop" aria-hidden="true">
          <p>Drop photos to add them</p>
        </div>
      )}
    </div>
  )
}

function Live({ album }: { album: Album }) {
  const state = album.caught !== undefined ? 'caught' : album.isReachable ? 'live' : 'away'
  const said = { caught: 'stopped', live: 'connected', away: 'the host does not answer, trying again' }[state]
  return (
    <p class={`live ${state}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status" class={state === 'live' ? 'unseen' : ''}>
        {said}
      </span>
      <span>{plural(album.photos.length, 'photo')}</span>
      <span class="at">
        {album.host}, log <code>{brief(album.info.log, 8)}</code>
      </span>
    </p>
  )
}

/** What a person must not miss: the host gave something else than it has signed. */
function Altered({ album }: { album: Album }) {
  const altered = album.photos.filter(({ file }) => album.pictures.isAltered(file))
  if (altered.length === 0) {
    return null
  }
  return (
    <Notice kind="error" title={`${plural(altered.length, 'photo')} not shown: the host gave other bytes than its log has.`}>
      <p>
        {altered.map(({ name }) => name).join(', ')}. The host altered them, or somebody on the way from it did. All that is
        shown below is verified.
      </p>
    </Notice>
  )
}

function Empty({ isDropping }: { isDropping: boolean }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 64 48" width="96" height="72" aria-hidden="true">
        <rect x="3" y="3" width="58" height="42" rx="5" />
        <path d="m9 39 15-17 10 10 8-7 13 14" />
        <circle cx="44" cy="15" r="4.5" />
      </svg>
      <p>
        <strong>No photos yet.</strong> {isDropping ? 'Let go to add yours.' : 'Add the first, or drop some here.'}
      </p>
      <p class="hint">That the album is empty is proved, too: the host has signed it.</p>
    </div>
  )
}
