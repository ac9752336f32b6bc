import { CaughtHostError, ConnectionError, RefusedError, UnverifiableError } from 'glasshouse-client'
import { formatGuestJson } from 'glasshouse-formats'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type CallAs, type Made, parseArgument } from '../calls.js'
import { draftOf, fieldsOf } from '../drafts.js'
import { useHost, useObservable } from '../hooks.js'
import type { Host } from '../host.js'
import { Failure, Notice, Title } from '../parts/basics.js'
import { LongText } from '../parts/long-text.js'
import { ReceiptCard } from '../parts/receipt-card.js'
import { href } from '../route.js'
import { brief, duration, plural, prettyJson } from '../text.js'

const MAX_MESSAGE = 10_000

let chosenAs: CallAs = { kind: 'key' }

/** A form for each method. */
export function CallView({ method }: { method: string }) {
  const host = useHost()
  if (host.client === undefined) {
    return (
      <>
        <Title>Call</Title>
        <p>This is a copy of the log. It takes no calls: the host of the log does.</p>
      </>
    )
  }
  const names = [...host.methods.keys()].sort()
  const chosen = host.methods.has(method) ? method : names.length === 1 ? (names[0] as string) : ''
  return (
    <>
      <Title>Call</Title>
      {names.length === 0 && <p>The script exports no methods.</p>}
      <div class={names.length > 1 ? 'columns' : ''}>
        {names.length > 1 && (
          <nav class="list" aria-label="Methods">
            <ul>
              {names.map((name) => (
                <li key={name}>
                  <a href={href('call', name)} aria-current={name === chosen ? 'true' : undefined}>
                    <code>{name === 'default' ? 'client' : name}</code>
                    <span class="hint">{parameters(host.methods.get(name) ?? 0)}</span>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {chosen !== '' ? (
          <MethodForm key={chosen} host={host} method={chosen} />
        ) : (
          names.length > 1 && <p class="hint">Choose a method.</p>
        )}
      </div>
    </>
  )
}

function parameters(declared: number): string {
  return declared === 0 ? 'no parameters' : plural(declared, 'parameter')
}

function MethodForm({ host, method }: { host: Host; method: string }) {
  const declared = fieldsOf(host, method)
  const draft = useObservable(draftOf(host, method))
  const [problems, setProblems] = useState<readonly (string | undefined)[]>([])
  const [as, setAs] = useState<CallAs>(chosenAs)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    chosenAs = as
  }, [as])
  const setArg = (i: number, text: string) => {
    draft.write(draft.args.map((arg, at) => (at === i ? text : arg)))
    setProblems(problems.map((problem, at) => (at === i ? undefined : problem)))
  }
  const submit = (event: Event) => {
    event.preventDefault()
    if (draft.isUnderWay) {
      return
    }
    // Parameters that are left out at the end are left out of the call.
    const given = draft.args.slice(0, draft.args.findLastIndex((arg) => arg.trim() !== '') + 1)
    const found = given.map((arg) => {
      const parsed = parseArgument(arg)
      return 'problem' in parsed ? parsed.problem : undefined
    })
    setProblems(found)
    const first = found.findIndex((problem) => problem !== undefined)
    if (first >= 0) {
      form.current?.querySelectorAll('textarea')[first]?.focus()
      return
    }
    void draft.call(host, as, given)
  }
  return (
    <div class="method">
      <form ref={form} onSubmit={submit} aria-labelledby="method-name" noValidate>
        <h2 id="method-name">
          <code>{method === 'default' ? 'client' : method}</code>
        </h2>
        {draft.args.map((text, i) => (
          <ArgumentField
            key={i}
            number={i + 1}
            text={text}
            problem={problems[i]}
            onText={(to) => setArg(i, to)}
            onSubmit={() => form.current?.requestSubmit()}
          />
        ))}
        {host.isDebug && <AsField as={as} onAs={setAs} />}
        <p class="buttons">
          <button type="submit" class="primary" aria-disabled={draft.isUnderWay}>
            {draft.isUnderWay ? 'Calling…' : 'Call'}
          </button>
          <button type="button" class="quiet" onClick={() => draft.write([...draft.args, ''])}>
            Add an argument
          </button>
          {draft.args.length > declared && (
            <button type="button" class="quiet" onClick={() => draft.write(draft.args.slice(0, -1))}>
              Remove the last
            </button>
          )}
        </p>
      </form>
      <div aria-live="polite">
        {draft.failure !== undefined && <Failure error={draft.failure} title={failureTitle(draft.failure)} />}
        {draft.made !== undefined && <Outcome made={draft.made} />}
      </div>
      {draft.made?.receipt !== undefined && <ReceiptCard host={host} receipt={draft.made.receipt} />}
      {draft.made !== undefined && draft.made.receipt === undefined && (
        <Notice kind="note">
          <p>This call was not signed. It is in the log under the name that you gave, and comes without a receipt.</p>
        </Notice>
      )}
    </div>
  )
}

function failureTitle(error: unknown): string {
  if (error instanceof RefusedError) {
    return 'The host has refused the call.'
  }
  if (error instanceof CaughtHostError) {
    return 'The answer is not to be believed.'
  }
  return error instanceof ConnectionError || error instanceof UnverifiableError
    ? 'There is no answer that could be verified. The call may have been executed: the log shows it.'
    : 'The call was not made.'
}

interface ArgumentProps {
  number: number
  text: string
  problem: string | undefined
  onText(text: string): void
  onSubmit(): void
}

function ArgumentField({ number, text, problem, onText, onSubmit }: ArgumentProps) {
  const id = `argument-${number}`
  const parsed = problem === undefined ? undefined : parseArgument(text)
  const mayBeText = parsed !== undefined && 'problem' in parsed && parsed.mayBeText
  return (
    <div class="field">
      <label for={id}>
        Argument {number} <span class="hint">JSON</span>
      </label>
      <textarea
        id={id}
        rows={Math.min(12, text.split('\n').length)}
        value={text}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onInput={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault()
            onSubmit()
          }
        }}
      />
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}{' '}
          {mayBeText && (
            <button type="button" class="quiet" onClick={() => onText(JSON.stringify(text.trim()))}>
              Make it a text
            </button>
          )}
        </p>
      )}
    </div>
  )
}

function AsField({ as, onAs }: { as: CallAs; onAs(as: CallAs): void }) {
  return (
    <fieldset class="field">
      <legend>Call as</legend>
      <label class="choice">
        <input type="radio" name="as" checked={as.kind === 'key'} onChange={() => onAs({ kind: 'key' })} /> my key,
        signed
      </label>
      <label class="choice">
        <input
          type="radio"
          name="as"
          checked={as.kind === 'user'}
          onChange={() => onAs({ kind: 'user', user: '' })}
        />{' '}
        a user, at my word
      </label>
      {as.kind === 'user' && (
        <input
          type="text"
          aria-label="User name, empty for nobody"
          placeholder="nobody"
          value={as.user}
          onInput={(event) => onAs({ kind: 'user', user: event.currentTarget.value })}
        />
      )}
    </fieldset>
  )
}

function Outcome({ made }: { made: Made }) {
  const { settled } = made
  const isReturned = settled.status === 'fulfilled'
  const error = isReturned ? undefined : (settled.reason as Error)
  return (
    <section class={`outcome ${isReturned ? 'returned' : 'threw'}`} aria-label="Result">
      <h3>
        {isReturned ? 'Returned' : error?.name === 'AbortedError' ? 'Aborted' : 'Threw'}{' '}
        <span class="hint">{duration(made.millis)}</span>
      </h3>
      {isReturned ? (
        <LongText text={prettyJson(formatGuestJson(settled.value))} name="What was returned" />
      ) : (
        <p>
          <code>{brief(error?.name ?? '', 200)}</code>: {brief(error?.message ?? '', MAX_MESSAGE)}
        </p>
      )}
    </section>
  )
}
