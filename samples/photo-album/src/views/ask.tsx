import { formatPlace } from '../place.js'

/** Asks where the album is. */
export function Ask() {
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault()
        const host = String(new FormData(event.currentTarget).get('host') ?? '').trim()
        if (host !== '') {
          location.hash = formatPlace({ host })
        }
      }}
    >
      <p class="lead">
        Photos of a Glasshouse host, each shown only once its bytes are verified to be those that the host has signed.
      </p>
      <label for="host">Where is the album?</label>
      <div class="line">
        <input
          id="host"
          name="host"
          type="text"
          value="localhost:5555"
          required
          autocapitalize="off"
          autocomplete="off"
          spellcheck={false}
          aria-describedby="host-hint"
        />
        <button type="submit" class="primary">
          Look
        </button>
      </div>
      <p class="hint" id="host-hint">
        HOST:PORT, HOST:PORT/NAME or https://HOST/PATH. <code>glass exec samples/photo-album.js</code> serves one at
        localhost:5555.
      </p>
    </form>
  )
}
