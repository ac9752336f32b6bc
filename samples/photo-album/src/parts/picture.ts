import type { ArchiveFile } from 'glasshouse-formats'
import { useEffect, useState } from 'preact/hooks'
import type { Album } from '../album.js'
import type { Picture } from '../pictures.js'

/**
 * A photo's picture, asked for once it is wanted: undefined until it is verified, or is not. The other
 * function is for the browser that finds that it cannot show it.
 */
export function usePicture(album: Album, file: ArchiveFile, isWanted: boolean): [Picture | undefined, () => void] {
  const hash = file.sha256.hex()
  const [state, setState] = useState<{ hash: string; picture: Picture } | undefined>()
  const isAsked = album.pictures.isAsked(file)
  useEffect(() => {
    let isLeft = false
    if (isWanted) {
      void album.pictures.of(album.files, file).then((made) => {
        if (!isLeft) {
          setState({ hash, picture: made })
        }
      })
    }
    return () => {
      isLeft = true
    }
  }, [isWanted, isAsked, hash])
  const picture = state?.hash === hash && isAsked ? state.picture : undefined
  return [picture, () => setState({ hash, picture: { kind: 'no-picture' } })]
}
