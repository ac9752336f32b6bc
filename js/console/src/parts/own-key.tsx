import { Identity } from 'glasshouse-client'
import { useRef, useState } from 'preact/hooks'
import { useHost } from '../hooks.js'
import { store } from '../host.js'
import { save } from '../save.js'
import { sentenceOf } from '../text.js'
import { Bytes, Notice } from './basics.js'

const MAX_KEY_FILE = 16_384

/** The visitor's key: made at the first visit, kept in this browser, and the visitor's to take along. */
export function OwnKey() {
  const host = useHost()
  const { identity } = host
  const [offered, setOffered] = useState<Identity | undefined>()
  const [problem, setProblem] = useState('')
  const chooser = useRef<HTMLInputElement>(null)
  if (identity === undefined) {
    return null
  }
  const read = async (file: File | undefined) => {
    setProblem('')
    setOffered(undefined)
    try {
      if (file !== undefined && file.size > MAX_KEY_FILE) {
        throw new Error('this file is too long to be a key')
      }
      setOffered(file === undefined ? undefined : Identity.fromOpenSSH(await file.text()))
    } catch (error) {
      setProblem(sentenceOf(error))
    }
  }
  const replace = async () => {
    await store.replaceIdentity(offered as Identity)
    location.reload()
  }
  return (
    <section aria-labelledby="key">
      <h2 id="key">Your key</h2>
      <p>
        <Bytes text={identity.id} name="your key" />
      </p>
      <p class="hint">
        Signs the calls that you make here; scripts see it as <code>System.caller.id</code>. It was made in this browser and
        is kept in it, for all pages of <code>{location.origin}</code>.
      </p>
      <p class="buttons">
        <button type="button" onClick={() => save('glasshouse.key', identity.toOpenSSH(), 'text/plain')}>
          Export
        </button>
        <button type="button" onClick={() => chooser.current?.click()}>
          Import…
        </button>
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label="A key file"
          onChange={(event) => {
            void read(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
      </p>
      <p class="hint">
        The file is an OpenSSH Ed25519 key, which <code>glass --identity</code> and <code>ssh-keygen</code> read. Whoever has
        it can sign as you.
      </p>
      <div aria-live="polite">
        {problem !== '' && (
          <Notice kind="error" title="That is no key.">
            <p>{problem}</p>
          </Notice>
        )}
        {offered !== undefined && (
          <Notice kind="warning" title="Take this key in place of yours?">
            <p>
              <code>{offered.id}</code>
            </p>
            <p>The key above is then gone from this browser. Export it first if you will want to call as it again.</p>
            <p class="buttons">
              <button type="button" onClick={() => void replace()}>
                Replace my key
              </button>
              <button type="button" onClick={() => setOffered(undefined)}>
                Keep mine
              </button>
            </p>
          </Notice>
        )}
      </div>
    </section>
  )
}
