import { Bytes } from '../../../../js/console/src/parts/basics.js'
import { save } from '../../../../js/console/src/save.js'
import type { Album } from '../album.js'

/** Which album this is, and whose key adds to it. */
export function About({ album }: { album: Album }) {
  const { log, identity, title } = album.info
  return (
    <footer>
      <div class="about">
        <section aria-labelledby="pinned">
          <h2 id="pinned">The album</h2>
          <p class="hint">
            “{title}” at {album.host}. The address of this page pins its log; another log there is refused.
          </p>
          <p>
            <Bytes text={log} name="the log’s id" />
          </p>
          <p>
            <a href="#">Another album</a>
          </p>
        </section>
        {identity !== undefined && (
          <section aria-labelledby="key">
            <h2 id="key">Your key</h2>
            <p class="hint">
              Made in this browser and kept in it. It signs each photo that you add; the log has it for everybody to see.
            </p>
            <p>
              <Bytes text={identity.id} name="your key" />
            </p>
            {identity.extractable && (
              <p>
                <button
                  type="button"
                  class="quiet"
                  onClick={() => save('glasshouse.key', identity.toOpenSSH(), 'text/plain')}
                >
                  Export
                </button>
              </p>
            )}
          </section>
        )}
      </div>
    </footer>
  )
}
