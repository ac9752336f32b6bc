import { useEffect, useState } from 'preact/hooks'
import { Failure, Notice, Waiting } from './parts/basics.js'
import { Boundary } from './parts/boundary.js'
import { CaughtNotice } from './parts/caught.js'
import { HostContext, useObservable } from './hooks.js'
import { type Found, type Host, find, ownAddress } from './host.js'
import { type Route, href, useRoute } from './route.js'
import { type Served, readServed } from './served.js'
import { plural } from './text.js'
import { AuditView } from './views/audit.js'
import { CallView } from './views/call.js'
import { ChartsView } from './views/charts.js'
import { EntryView } from './views/entry.js'
import { FilesView } from './views/files.js'
import { HostView } from './views/host.js'
import { LogView } from './views/log.js'
import { ModulesView } from './views/modules.js'

const AGAIN_MILLIS = 2000

const VIEWS = [
  ['host', 'This host'],
  ['call', 'Call'],
  ['log', 'Log'],
  ['files', 'Files'],
  ['charts', 'Charts'],
  ['audit', 'Audit'],
] as const

/** The whole page. */
export function App() {
  const served = readServed()
  const [found, setFound] = useState<Found | undefined>()
  const look = (log?: string) => void find(log).then(setFound)
  useEffect(() => look(), [])
  useEffect(() => {
    if (found?.kind !== 'unreachable') {
      return
    }
    const timer = setTimeout(look, AGAIN_MILLIS)
    return () => clearTimeout(timer)
  }, [found])
  if (found?.kind === 'host') {
    return <HostPage host={found.host} served={served} />
  }
  return (
    <div class="frame">
      <header class="top">
        <p class="product">Glasshouse</p>
      </header>
      <main id="main">
        <Before found={found} accept={look} />
      </main>
      <Foot served={served} />
    </div>
  )
}

function Before({ found, accept }: { found: Found | undefined; accept(log: string): void }) {
  switch (found?.kind) {
    case undefined:
    case 'host':
      return <Waiting what="Connecting" />
    case 'modules':
      return <ModulesView modules={found.modules} />
    case 'caught':
      return <CaughtNotice error={found.error} />
    case 'unreachable':
      return (
        <Notice kind="error" title="The host does not answer.">
          <p>It may be starting, or be gone. This page asks it again every few seconds.</p>
          <p class="hint">{found.message}</p>
        </Notice>
      )
    case 'unfit':
      return <Failure title="This page cannot show the host." error={found.message} />
    case 'other-log':
      return (
        <Notice kind="warning" title="This is another log than before.">
          <p>{found.message.replace(/ If you mean the new log.*/, '')}</p>
          <p>
            Go on only if you know why: a host that begins a new log leaves the old one, and what it promised
            there, behind.
          </p>
          <button type="button" onClick={() => accept(found.served)}>
            Go on with the new log
          </button>
        </Notice>
      )
  }
}

function HostPage({ host, served }: { host: Host; served: Served }) {
  const route = useRoute()
  useObservable(host)
  useEffect(() => {
    const name = VIEWS.find(([view]) => view === route.view)?.[1]
    document.title = `${name ?? 'Glasshouse'} · ${host.genesis.title}`
  }, [route.view])
  useEffect(() => {
    const moved = () => {
      document.documentElement.dataset['moved'] = 'yes'
    }
    addEventListener('hashchange', moved)
    return () => removeEventListener('hashchange', moved)
  }, [])
  return (
    <HostContext.Provider value={host}>
      <div class="frame">
        <a class="skip" href="#main" onClick={toMain}>
          To the content
        </a>
        <header class="top">
          <p class="product">
            <a href={href('host')}>{host.genesis.title}</a>
          </p>
          <Live host={host} />
          <nav aria-label="Views">
            <ul>
              {VIEWS.map(([view, name]) => (
                <li key={view}>
                  <a href={href(view)} aria-current={route.view === view ? 'page' : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <main id="main" tabIndex={-1}>
          {host.caught !== undefined && <CaughtNotice error={host.caught} />}
          <Boundary around={`${route.view}/${route.rest}`}>
            <View route={route} host={host} served={served} />
          </Boundary>
        </main>
        <Foot served={served} />
      </div>
    </HostContext.Provider>
  )
}

function View({ route, host, served }: { route: Route; host: Host; served: Served }) {
  switch (route.view) {
    case 'call':
      return <CallView method={route.rest} />
    case 'log':
      return route.rest === '' ? <LogView query={route.query} /> : <EntryView key={route.rest} index={route.rest} />
    case 'files':
      return <FilesView path={route.rest} at={route.query.get('at') ?? ''} />
    case 'charts':
      return <ChartsView />
    case 'audit':
      return <AuditView />
    default:
      return <HostView host={host} served={served} />
  }
}

// The address stays what the view needs it to be.
function toMain(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Live({ host }: { host: Host }) {
  const state = host.caught !== undefined ? 'caught' : host.isReachable ? 'live' : 'away'
  const said = { caught: 'stopped', live: 'live', away: 'not answering, trying again' }[state]
  return (
    <p class={`live ${state}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status" title={state === 'away' ? host.trouble : undefined}>
        {state === 'live' ? <span class="unseen">connected</span> : said}
      </span>
      {state === 'live' && <span>{plural(host.size, 'entry', 'entries')}</span>}
      {host.isDebug && (
        <a class="badge" href={href('host')}>
          debug: callers are not authenticated
        </a>
      )}
    </p>
  )
}

function Foot({ served }: { served: Served }) {
  const place = ownAddress().toString()
  return (
    <footer>
      {served.by === 'user' ? (
        <p>
          <strong>This page is your own:</strong> <code>glass console</code> on your machine serves it and asks{' '}
          <code>{served.host}</code> for everything else. What it shows as verified does not depend on that host.
        </p>
      ) : (
        <p>
          <strong>This page came from the host itself.</strong> A host that lies could serve a page that lies, too. To be
          independent of it, run <code>glass console {place}</code> on your own machine.
        </p>
      )}
    </footer>
  )
}
