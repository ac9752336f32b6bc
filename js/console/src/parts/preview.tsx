import type { ArchiveFile } from 'glasshouse-formats'
import { useEffect, useState } from 'preact/hooks'
import { useAnswer } from '../hooks.js'
import type { Host } from '../host.js'
import { size } from '../text.js'
import { Failure, Waiting } from './basics.js'

const IMAGES: Record<string, string> = {
  avif: 'image/avif',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
}
/** What is fetched without being asked for. */
const MAX_FETCHED = 8 * 2 ** 20
const MAX_TEXT = 256 * 2 ** 10

/** A file's content, if it is an image or a text: of the bytes that were verified, not fetched again. */
export function Preview({ host, name, file }: { host: Host; name: string; file: ArchiveFile }) {
  const [isWanted, setWanted] = useState(file.length <= MAX_FETCHED)
  const type = IMAGES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
  const content = useAnswer(
    () => (isWanted ? host.published.blob(file.sha256.hex()) : Promise.resolve(undefined)),
    `${file.sha256.hex()} ${isWanted}`,
  )
  if (!isWanted) {
    return (
      <p>
        <button type="button" onClick={() => setWanted(true)}>
          Show {size(file.length)}
        </button>
      </p>
    )
  }
  if (content.error !== undefined) {
    return <Failure error={content.error} title="The content cannot be had." />
  }
  if (content.value === undefined) {
    return <Waiting what="Reading" />
  }
  if (content.value.length === 0) {
    return <p class="hint">The file is empty.</p>
  }
  return type === undefined ? <TextPreview bytes={content.value} name={name} /> : <ImagePreview bytes={content.value} type={type} name={name} />
}

function ImagePreview({ bytes, type, name }: { bytes: Uint8Array; type: string; name: string }) {
  const [url, setUrl] = useState('')
  const [isBroken, setBroken] = useState(false)
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as BlobPart], { type }))
    setUrl(made)
    setBroken(false)
    return () => URL.revokeObjectURL(made)
  }, [bytes, type])
  if (isBroken) {
    return <TextPreview bytes={bytes} name={name} />
  }
  return url === '' ? null : <img class="preview" src={url} alt={name} onError={() => setBroken(true)} />
}

function TextPreview({ bytes, name }: { bytes: Uint8Array; name: string }) {
  const text = textOf(bytes.subarray(0, MAX_TEXT))
  if (text === undefined) {
    return <p class="hint">No preview: this is neither an image nor a text.</p>
  }
  return (
    <>
      <pre class="wrap preview" tabIndex={0} role="region" aria-label={`Content of ${name}`}>
        {text}
      </pre>
      {bytes.length > MAX_TEXT && <p class="hint">The first {size(MAX_TEXT)} of {size(bytes.length)}.</p>}
    </>
  )
}

// A text that is cut may end inside a character.
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
