import { useObservable } from '../../../../js/console/src/hooks.js'
import { Mark } from '../../../../js/console/src/parts/basics.js'
import { save, tar } from '../../../../js/console/src/save.js'
import { plural } from '../../../../js/console/src/text.js'
import type { Upload, Uploads } from '../uploads.js'

/** The photos that the visitor adds: how far each is, and what came of it. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  useObservable(uploads)
  const all = uploads.uploads
  if (all.length === 0) {
    return null
  }
  const left = all.filter(({ state }) => state !== 'added' && state !== 'failed').length
  const failed = all.filter(({ state }) => state === 'failed').length
  const added = all.filter(({ state }) => state === 'added').length
  const said = [
    left > 0 ? `Adding ${plural(left, 'photo')}…` : '',
    added > 0 ? `${plural(added, 'photo')} added.` : '',
    failed > 0 ? `${plural(failed, 'photo')} not added.` : '',
  ]
  return (
    <section class="uploads" aria-labelledby="uploads">
      <div class="line">
        <h2 id="uploads">
          <span role="status">{said.join(' ')}</span>
        </h2>
        {added > 0 && left === 0 && (
          <button type="button" class="quiet" onClick={() => uploads.dismissAdded()}>
            Clear
          </button>
        )}
      </div>
      <ul>
        {all.map((upload) => (
          <li key={upload.id} class={upload.state}>
            <Row upload={upload} uploads={uploads} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Row({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { name, state, sent = 0, note, receipt } = upload
  return (
    <>
      <div class="what">
        <strong>{name}</strong>
        {note !== undefined && <span class="hint">{note}</span>}
      </div>
      {state === 'waiting' && <span class="hint">waiting</span>}
      {state === 'reducing' && <Bar name={name} said="preparing" />}
      {state === 'sending' && sent < 1 && <Bar name={name} said="sending" value={sent} />}
      {state === 'sending' && sent >= 1 && <Bar name={name} said="waiting for the host’s signature" />}
      {state === 'added' && receipt !== undefined && (
        <span class="done">
          <Mark holds>entry {String(receipt.index)} of the log</Mark>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              const files = [...receipt.files()].map(([suffix, bytes]) => [`${name}.tlog-proof${suffix}`, bytes] as const)
              save(`${name}.receipt.tar`, tar(new Map(files)), 'application/x-tar')
            }}
          >
            Save the receipt
          </button>
        </span>
      )}
      {state === 'failed' && <Failed upload={upload} uploads={uploads} />}
    </>
  )
}

function Bar({ name, said, value }: { name: string; said: string; value?: number }) {
  return (
    <span class="bar">
      <progress aria-label={`${name}: ${said}`} {...(value === undefined ? {} : { value })} />
      <span class="hint">{said}</span>
    </span>
  )
}

function Failed({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { id, name, problem } = upload
  return (
    <form
      class="failure"
      onSubmit={(event) => {
        event.preventDefault()
        const chosen = new FormData(event.currentTarget).get('name')
        uploads.again(id, chosen === null ? undefined : String(chosen))
      }}
    >
      <p role="alert">{problem?.sentence}</p>
      <p class="buttons">
        {problem?.freeName !== undefined && (
          <>
            <input type="text" name="name" aria-label={`Another name for ${name}`} value={problem.freeName} />
            <button type="submit">Add by this name</button>
          </>
        )}
        {problem?.isPassing && <button type="submit">Try again</button>}
        <button type="button" class="quiet" onClick={() => uploads.dismiss(id)} aria-label={`Leave ${name} out`}>
          Leave it out
        </button>
      </p>
    </form>
  )
}
