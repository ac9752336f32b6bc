import type { Limits } from 'glasshouse-formats'
import { decodeUtf8 } from 'glasshouse-formats'
import { useState } from 'preact/hooks'
import { useAnswer } from '../hooks.js'
import type { Host } from '../host.js'
import { Bytes, Fact, Facts, Failure, Mark, Notice, Title, Waiting } from '../parts/basics.js'
import { OwnKey } from '../parts/own-key.js'
import { href } from '../route.js'
import type { Served } from '../served.js'
import { binarySize, count, duration, localTime, size } from '../text.js'

/** What this host is: everything that the log's id pins, and the visitor's own key. */
export function HostView({ host, served }: { host: Host; served: Served }) {
  const { genesis } = host
  return (
    <>
      <Title>This host</Title>
      <p class="lead">
        {host.client === undefined
          ? 'This is a copy of the log of a host, which executes calls of a script one at a time. It takes no calls itself.'
          : 'This host executes calls of a script one at a time, and puts each into a public log that anyone can replay.'}{' '}
        {served.by === 'user' ? 'You look at it with a page of your own.' : ''}
      </p>
      {host.isDebug && (
        <Notice kind="warning" title="This is a debug host.">
          <p>
            It takes callers at their word: whoever calls may claim any name, and the log says so. Nothing here tells who
            made a call.
          </p>
        </Notice>
      )}
      <section aria-labelledby="identity">
        <h2 id="identity">The log</h2>
        <Facts>
          <Fact name="Id">
            <Bytes text={host.log} name="the id of the log" />
            <p class="hint">
              The hash of entry 0, which fixes all that is on this page. Compare it with what you were told elsewhere.
            </p>
          </Fact>
          <Fact name="Signed by">
            <Bytes text={genesis.host.format()} name="the host's key" />
          </Fact>
          <Fact name="Origin">
            <code>{genesis.origin}</code>
          </Fact>
          <Fact name="Begun">{localTime(genesis.time)}</Fact>
          <Fact name="Entries">
            <a href={href('log')}>{count(host.size)}</a>
          </Fact>
          <Fact name="Callers">{host.isDebug ? 'taken at their word (debug)' : 'sign every call'}</Fact>
          <Fact name="Checkpoint">
            <Mark holds>signed by this key, and the log has only grown since your browser first saw it</Mark>
            <details>
              <summary>The signed note</summary>
              <pre>{host.note}</pre>
            </details>
          </Fact>
        </Facts>
      </section>
      <ScriptSection host={host} />
      <section aria-labelledby="machine">
        <h2 id="machine">The machine</h2>
        <Facts>
          <Fact name="Interpreter">
            <Bytes text={genesis.interpreter.sha256.hex()} name="the interpreter's SHA-256" />
            <p class="hint">quickjs.wasm, {size(genesis.interpreter.length)}, by its SHA-256</p>
          </Fact>
          <Fact name="Bootstrap script">
            <Bytes text={genesis.bootstrap.sha256.hex()} name="the bootstrap script's SHA-256" />
            <p class="hint">guest.js, {size(genesis.bootstrap.length)}, by its SHA-256</p>
          </Fact>
        </Facts>
        <LimitTable limits={genesis.limits} />
      </section>
      <OwnKey />
    </>
  )
}

function ScriptSection({ host }: { host: Host }) {
  const { script } = host.genesis
  const [name, setName] = useState(script.main)
  const file = script.files.find((each) => each.name === name)
  const source = useAnswer(async () => {
    const bytes = await host.published.blob(file?.source.sha256.hex() ?? '')
    return decodeUtf8(bytes)
  }, name)
  return (
    <section aria-labelledby="script">
      <h2 id="script">The script</h2>
      {script.files.length > 1 && (
        <p>
          <label>
            File{' '}
            <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
              {script.files.map((each) => (
                <option key={each.name}>{each.name}</option>
              ))}
            </select>
          </label>
        </p>
      )}
      {file !== undefined && (
        <Facts>
          <Fact name={file.name}>
            <Bytes text={file.source.sha256.hex()} name={`the SHA-256 of ${file.name}`} />
            <p class="hint">
              {size(file.source.length)}, {script.kind === 'module' ? 'an ES module' : 'CommonJS'}
              {file.name === script.main ? ', loaded first' : ''}
            </p>
          </Fact>
        </Facts>
      )}
      {source.error !== undefined && <Failure error={source.error} title="The source cannot be shown." />}
      {source.value === undefined && source.isPending && <Waiting what="Reading" />}
      {source.value !== undefined && (
        <>
          <Source text={source.value} name={name} />
          <Mark holds>these bytes have the SHA-256 that the log names</Mark>
        </>
      )}
    </section>
  )
}

function Source({ text, name }: { text: string; name: string }) {
  const lines = text.replace(/\n$/, '').split('\n')
  return (
    <pre class="source" tabIndex={0} role="region" aria-label={`Source of ${name}`}>
      {lines.map((line, i) => (
        <span key={i} class="line">
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}

const LIMITS: readonly [keyof Limits, string, (value: number) => string][] = [
  ['fuel', 'Fuel of one call', (value) => `${count(value)} polls`],
  ['heap', 'Heap', binarySize],
  ['stack', 'Stack', binarySize],
  ['request', 'A request', binarySize],
  ['result', 'A result', binarySize],
  ['file', 'A file', binarySize],
  ['written', 'Written by one entry', binarySize],
  ['wait', 'Waiting for timers', duration],
  ['watchdog', 'Watchdog', duration],
]

function LimitTable({ limits }: { limits: Limits }) {
  return (
    <table class="plain">
      <caption>Limits</caption>
      <tbody>
        {LIMITS.map(([name, title, shown]) => (
          <tr key={name}>
            <th scope="row">{title}</th>
            <td>{shown(limits[name])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
