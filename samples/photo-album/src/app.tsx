import { useEffect, useState } from 'preact/hooks'
import { Waiting } from '../../../js/console/src/parts/basics.js'
import { type Found, look } from './look.js'
import { type Place, usePlace } from './place.js'
import { AlbumView } from './views/album.js'
import { Ask } from './views/ask.js'
import { Before } from './views/before.js'

const AGAIN_MILLIS = 2000

/** The whole page. */
export function App() {
  const place = usePlace()
  const found = useFound(place)
  if (place !== undefined && found?.kind === 'album') {
    return <AlbumView album={found.album} />
  }
  return (
    <div class="frame narrow">
      <header class="top">
        <h1>Photo album</h1>
      </header>
      <main id="main">
        {place === undefined ? (
          <Ask />
        ) : found === undefined || found.kind === 'album' ? (
          <Waiting what={`Connecting to ${place.host}`} />
        ) : (
          <Before place={place} found={found} />
        )}
      </main>
    </div>
  )
}

/** What is at a place; looked for again while nothing answers there. */
function useFound(place: Place | undefined): Found | undefined {
  const [state, setState] = useState<{ place: Place; found: Found } | undefined>()
  const isOf = (other: Place | undefined) => other?.host === place?.host && other?.log === place?.log
  useEffect(() => {
    if (place === undefined) {
      return
    }
    let isLeft = false
    let timer = 0
    let last: Found | undefined
    const next = async () => {
      const found = await look(place)
      if (isLeft) {
        await closed(found)
        return
      }
      last = found
      setState({ place, found })
      if (found.kind === 'unreachable') {
        timer = setTimeout(() => void next(), AGAIN_MILLIS)
      }
    }
    void next()
    return () => {
      isLeft = true
      clearTimeout(timer)
      void closed(last)
    }
  }, [place?.host, place?.log])
  return state !== undefined && isOf(state.place) ? state.found : undefined
}

async function closed(found: Found | undefined): Promise<void> {
  if (found?.kind === 'album') {
    await found.album.close()
  }
}
