import type { HostInfo } from 'glasshouse-client'
import { Bytes, Fact, Facts, Failure, Notice } from '../../../../js/console/src/parts/basics.js'
import { CaughtNotice } from '../../../../js/console/src/parts/caught.js'
import type { Found } from '../look.js'
import { type Place, formatPlace } from '../place.js'

/** What is found at a place, as long as no photos of it are shown. */
export function Before({ place, found }: { place: Place; found: Exclude<Found, { kind: 'album' }> }) {
  switch (found.kind) {
    case 'unpinned':
      return <Unpinned place={place} info={found.info} />
    case 'other-log':
      return place.log === undefined ? (
        <Replaced place={place} info={found.info} />
      ) : (
        <Refused place={place} log={place.log} info={found.info} />
      )
    case 'other-module':
      return (
        <>
          <Notice kind="warning" title="This is no photo album.">
            <p>
              The module at {place.host} is “{found.info.title}”. It has no method <code>addPhoto</code>.
            </p>
          </Notice>
          <Elsewhere />
        </>
      )
    case 'caught':
      return <CaughtNotice error={found.error} />
    case 'unreachable':
      return (
        <>
          <Failure title={`No album answers at ${place.host}.`} error={found.message} />
          <p class="hint">
            If this is a host that runs with <code>--debug</code>, it takes calls from pages of other origins only when it is
            started with <code>--allow-origin {location.origin}</code>.
          </p>
          <p class="waiting">Trying again…</p>
          <Elsewhere />
        </>
      )
  }
}

function Unpinned({ place, info }: { place: Place; info: HostInfo }) {
  return (
    <section class="card">
      <h2>An album was found</h2>
      <Described host={place.host} info={info} />
      <p>
        Nothing was pinned yet: this is what answers at {place.host} now. Compare the log’s id with the one that whoever runs
        the host tells you. Once you pin it, the address of this page has it, and any other log is refused.
      </p>
      <p class="buttons">
        <a class="button primary" href={formatPlace({ ...place, log: info.log })}>
          Pin this log and open the album
        </a>
        <Elsewhere />
      </p>
    </section>
  )
}

function Replaced({ place, info }: { place: Place; info: HostInfo }) {
  return (
    <>
      <Notice kind="warning" title="This is another log than last time.">
        <p>
          {place.host} served another album to this browser before. Its history may have been replaced. Go on only if you know
          why: a host that begins a new log leaves the old one, and what it promised there, behind.
        </p>
      </Notice>
      <section class="card">
        <h2>What is there now</h2>
        <Described host={place.host} info={info} />
        <p class="buttons">
          <a class="button" href={formatPlace({ ...place, log: info.log })}>
            Pin the new log and open it
          </a>
          <Elsewhere />
        </p>
      </section>
    </>
  )
}

function Refused({ place, log, info }: { place: Place; log: string; info: HostInfo }) {
  return (
    <>
      <Notice kind="error" title="This is not the album that was pinned. Nothing of it is shown.">
        <Facts>
          <Fact name="Pinned, by this page’s address">
            <code>{log}</code>
          </Fact>
          <Fact name={`Served at ${place.host}`}>
            <code>{info.log}</code>
          </Fact>
        </Facts>
        <p>The host, or whoever answers in its place, has put another log there.</p>
      </Notice>
      <p class="buttons">
        <a class="button" href={formatPlace({ host: place.host })}>
          See what is there now
        </a>
        <Elsewhere />
      </p>
    </>
  )
}

function Described({ host, info }: { host: string; info: HostInfo }) {
  return (
    <Facts>
      <Fact name="Host">{host}</Fact>
      <Fact name="Title">{info.title}</Fact>
      <Fact name="Log">
        <Bytes text={info.log} name="the log’s id" />
      </Fact>
      <Fact name="Host’s key">
        <Bytes text={info.key} name="the host’s key" />
      </Fact>
    </Facts>
  )
}

function Elsewhere() {
  return (
    <a class="button quiet" href="#">
      Another host
    </a>
  )
}
