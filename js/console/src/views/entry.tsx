import {
  CALL_DOMAIN,
  type Outcome,
  decodeUtf8,
  formatSignature,
} from 'glasshouse-formats'
import { changesBetween } from '../archive.js'
import { useAnswer, useHost } from '../hooks.js'
import { type Opened, openEntry } from '../log/opened.js'
import { Bytes, Fact, Facts, Failure, Mark, Notice, Title, Waiting } from '../parts/basics.js'
import { LongText } from '../parts/long-text.js'
import { ProofPath } from '../parts/proof-path.js'
import { href } from '../route.js'
import { save } from '../save.js'
import { brief, count, localTime, plural, prettyJson, size } from '../text.js'
import { digitsOf, isIndex } from './search.js'

const MAX_LINE = 80
const MAX_MESSAGE = 10_000
const MAX_ANSWER = 1000

const KINDS: Record<string, string> = {
  genesis: 'genesis',
  call: 'call',
  timer: 'timer',
  abort: 'ended by the watchdog',
  image: 'image of the heap',
}

/** One entry, with everything that it says and everything that shows that it is in the log. */
export function EntryView({ index: text }: { index: string }) {
  const host = useHost()
  const index = Number(digitsOf(text))
  const isEntry = isIndex(text, host.size)
  const opened = useAnswer(() => (isEntry ? openEntry(host, index) : Promise.reject(new Error('none'))), text, [isEntry])
  if (!isEntry) {
    return (
      <>
        <Title>No entry {brief(text, 20)}</Title>
        <p>
          The log has {plural(host.size, 'entry', 'entries')}, from 0 to {count(host.size - 1)}.{' '}
          <a href={href('log')}>To the log</a>
        </p>
      </>
    )
  }
  return (
    <>
      <nav class="steps" aria-label="Entries">
        <a href={href('log')}>Log</a>
        {index > 0 && <a href={href('log', String(index - 1))}>Before: {count(index - 1)}</a>}
        {index + 1 < host.size && <a href={href('log', String(index + 1))}>Next: {count(index + 1)}</a>}
      </nav>
      <Title>Entry {count(index)}</Title>
      {opened.error !== undefined && <Failure error={opened.error} title="The entry cannot be shown." />}
      {opened.value === undefined && opened.isPending && <Waiting what="Reading and verifying" />}
      {opened.value !== undefined && <Parts opened={opened.value} />}
    </>
  )
}

function Parts({ opened }: { opened: Opened }) {
  const { entry, leaf, path } = opened
  return (
    <>
      <Facts>
        <Fact name="Kind">{KINDS[entry.kind]}</Fact>
        <Fact name="Time">
          {localTime(entry.time)} <span class="hint">by the host's clock: its word</span>
        </Fact>
        {'caller' in entry && entry.caller !== null && (
          <Fact name="Caller">
            {'key' in entry.caller ? (
              <Bytes text={entry.caller.key.format()} name="the caller's key" />
            ) : (
              <>
                {entry.caller.user ?? 'nobody'} <span class="hint">at their word, not signed</span>
              </>
            )}
          </Fact>
        )}
        {entry.kind === 'image' && (
          <Fact name="Heap">
            <Bytes text={entry.heap.root.hex()} name="the root of the heap" />
          </Fact>
        )}
      </Facts>
      {opened.request !== undefined && <Calls opened={opened} />}
      {opened.request === undefined && opened.outcomes.length > 0 && (
        <section>
          <h2>Outcome</h2>
          {opened.outcomes.map((outcome, i) => (
            <OutcomeText key={i} opened={opened} outcome={outcome} />
          ))}
        </section>
      )}
      {entry.kind === 'abort' && (
        <Notice kind="warning">
          <p>The host's watchdog ended this turn. That it took too long is the host's word.</p>
        </Notice>
      )}
      <Inputs opened={opened} />
      <Changes opened={opened} />
      {opened.request !== undefined && <Signature opened={opened} />}
      <section aria-labelledby="in-the-log">
        <h2 id="in-the-log">In the log</h2>
        <Facts>
          <Fact name="Leaf hash">
            <Bytes text={leaf.hex()} name="the leaf hash" />
          </Fact>
          <Fact name="Chain">
            <Mark holds={opened.isChained}>
              {opened.index === 0 ? 'the first entry' : `names the leaf hash of entry ${count(opened.index - 1)} as the one before`}
            </Mark>
            <div class="hint">
              <Bytes text={entry.prev.hex()} name="the hash of the entry before" />
            </div>
          </Fact>
        </Facts>
        <ProofPath path={path} />
      </section>
      <section aria-labelledby="own-bytes">
        <h2 id="own-bytes">The bytes</h2>
        <p class="hint">{size(opened.bytes.length)} of canonical JSON: what is hashed, to the byte.</p>
        <LongText text={decodeUtf8(opened.bytes)} name="The entry's bytes" />
        <p class="buttons">
          <button type="button" onClick={() => save(`entry-${opened.index}.json`, opened.bytes, 'application/json')}>
            Save
          </button>
        </p>
      </section>
    </>
  )
}

function Calls({ opened }: { opened: Opened }) {
  const calls = opened.request?.calls ?? []
  return (
    <section aria-labelledby="calls">
      <h2 id="calls">{calls.length === 1 ? 'Call' : plural(calls.length, 'call')}</h2>
      <ol class={calls.length === 1 ? 'calls one' : 'calls'}>
        {calls.map(({ method, params }, i) => (
          <li key={i}>
            <LongText text={`${method === 'default' ? 'client' : method}${argumentsText(params)}`} name="What was called" />
            <OutcomeText opened={opened} outcome={opened.outcomes[i]} />
          </li>
        ))}
      </ol>
    </section>
  )
}

// On one line if they fit there.
function argumentsText(params: string): string {
  const inner = params.trim().slice(1, -1).trim()
  return inner.length <= MAX_LINE ? `(${inner})` : `(${prettyJson(params).slice(1, -1)})`
}

function OutcomeText({ opened, outcome }: { opened: Opened; outcome: Outcome | undefined }) {
  if (outcome === undefined) {
    return null
  }
  const fuel = <span class="hint">{plural(outcome.fuel, 'poll')} of fuel</span>
  if ('ok' in outcome) {
    const text = opened.text(outcome.ok)
    return (
      <div class="outcome returned">
        <h3>Returned {fuel}</h3>
        {text === undefined ? (
          <p class="hint">{size((outcome.ok as { length: number }).length)}: too long to be shown here</p>
        ) : (
          <LongText text={prettyJson(text)} name="What was returned" />
        )}
      </div>
    )
  }
  if ('throw' in outcome) {
    return (
      <div class="outcome threw">
        <h3>Threw {fuel}</h3>
        <p>
          <code>{brief(outcome.throw.name, 200)}</code>: {brief(outcome.throw.message, MAX_MESSAGE)}
        </p>
      </div>
    )
  }
  return (
    <div class="outcome threw">
      <h3>Trapped {fuel}</h3>
      <p>A limit stopped the call: {outcome.trap}. Nothing of it stayed.</p>
    </div>
  )
}

function Inputs({ opened }: { opened: Opened }) {
  if (opened.inputs.length === 0) {
    return null
  }
  return (
    <section aria-labelledby="inputs">
      <h2 id="inputs">Inputs</h2>
      <p class="hint">What came from outside while the entry ran, in this order. All of it is the host's word.</p>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="inputs">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Answer</th>
            </tr>
          </thead>
          <tbody>
            {opened.inputs.map((input, i) => (
              <tr key={i}>
                <td>{input.kind}</td>
                <td>
                  <code class="any">{brief(opened.text(input.answer) ?? 'too long to be shown here', MAX_ANSWER)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Changes({ opened }: { opened: Opened }) {
  const host = useHost()
  const { entry, rootBefore, index } = opened
  const isChanged = !rootBefore.equals(entry.root)
  const answer = useAnswer(
    () => (isChanged ? changesBetween(host.published, rootBefore, entry.root) : Promise.resolve(undefined)),
    String(index),
  )
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">Files</h2>
      {!isChanged && <p>No file was changed.</p>}
      {answer.error !== undefined && <Failure error={answer.error} title="The changes cannot be shown." />}
      {isChanged && answer.isPending && <Waiting what="Comparing the archives" />}
      {answer.value !== undefined && (
        <>
          <ul class="changes">
            {answer.value.changes.map(({ key, before, after }) => (
              <li key={key} class={after === undefined ? 'gone' : before === undefined ? 'new' : ''}>
                <span class="sign">{after === undefined ? 'removed' : before === undefined ? 'added' : 'changed'}</span>
                {after === undefined ? (
                  <code>/{key}</code>
                ) : (
                  <a href={href('files', key, { at: String(index) })}>
                    <code>/{key}</code>
                  </a>
                )}
                <span class="hint">{typeof after === 'object' ? size(after.length) : ''}</span>
              </li>
            ))}
          </ul>
          <Mark holds={answer.value.writes.equals(entry.writes)}>
            these are the changes whose hash the entry has as <code>writes</code>
          </Mark>
        </>
      )}
      <p>
        <a href={href('files', '', { at: String(index) })}>All files as of this entry</a>
      </p>
    </section>
  )
}

function Signature({ opened }: { opened: Opened }) {
  const { request, entry } = opened
  if (request === undefined || !('caller' in entry) || entry.caller === null) {
    return null
  }
  if (!('key' in entry.caller)) {
    return (
      <section aria-labelledby="signed">
        <h2 id="signed">The request</h2>
        <p class="hint">Not signed: a debug host took its caller at their word.</p>
        <LongText text={request.text} name="The request" />
      </section>
    )
  }
  return (
    <section aria-labelledby="signed">
      <h2 id="signed">What the caller signed</h2>
      <LongText text={`${CALL_DOMAIN}${request.text}`} name="What the caller signed" />
      <Facts>
        <Fact name="Signature">
          <Bytes text={formatSignature(entry.caller.signature)} name="the signature" />
          <div>
            <Mark holds={request.holds}>{request.holds ? "it is the caller's, for these bytes" : "it is not the caller's"}</Mark>
          </div>
        </Fact>
        {request.signed !== undefined && (
          <Fact name="Had seen">
            {plural(request.signed.seen.size, 'entry', 'entries')} <span class="hint">of this log, when signing</span>
          </Fact>
        )}
      </Facts>
    </section>
  )
}
