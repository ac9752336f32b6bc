import { formatGuestJson } from 'glasshouse-formats'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type CallAs, type Made, makeCall, parseArgument } from '../calls.js'
import { useHost } from '../hooks.js'
import type { Host } from '../host.js'
import { Failure, Notice, Title } from '../parts/basics.js'
import { ReceiptCard } from '../parts/receipt-card.js'
import { href } from '../route.js'
import { duration, plural, prettyJson } from '../text.js'

/** What was typed, and what came of it, while the visitor looks at something else. */
interface Draft {
  args: string[]
  made?: Made
  failure?: unknown
}

const drafts = new Map<string, Draft>()
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
  const declared = host.methods.get(method) ?? 0
  const [draft, setDraft] = useState<Draft>(() => drafts.get(method) ?? { args: Array<string>(declared).fill('') })
  const [problems, setProblems] = useState<readonly (string | undefined)[]>([])
  const [isUnderWay, setUnderWay] = useState(false)
  const [as, setAs] = useState<CallAs>(chosenAs)
  const form = useRef<HTMLFormElement>(null)
  const change = (next: Draft) => {
    drafts.set(method, next)
    setDraft(next)
  }
  useEffect(() => {
    chosenAs = as
  }, [as])
  const setArg = (i: number, text: string) => {
    change({ ...draft, args: draft.args.map((arg, at) => (at === i ? text : arg)) })
    setProblems(problems.map((problem, at) => (at === i ? undefined : problem)))
  }
  const submit = async (event: Event) => {
    event.preventDefault()
    if (isUnderWay) {
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
    setUnderWay(true)
    const { args } = draft
    try {
      change({ args, made: await makeCall(host, as, method, given) })
    } catch (failure) {
      host.failed(failure)
      change({ args, failure })
    }
    setUnderWay(false)
  }
  return (
    <div class="method">
      <form ref={form} onSubmit={(event) => void submit(event)} aria-labelledby="method-name" noValidate>
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
          <button type="submit" class="primary" aria-disabled={isUnderWay}>
            {isUnderWay ? 'Calling…' : 'Call'}
          </button>
          <button type="button" class="quiet" onClick={() => change({ ...draft, args: [...draft.args, ''] })}>
            Add an argument
          </button>
          {draft.args.length > declared && (
            <button type="button" class="quiet" onClick={() => change({ ...draft, args: draft.args.slice(0, -1) })}>
              Remove the last
            </button>
          )}
        </p>
      </form>
      <div aria-live="polite">
        {draft.failure !== undefined && <Failure error={draft.failure} title="The call was not made, or its answer is not to be believed." />}
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
        <pre tabIndex={0}>{prettyJson(formatGuestJson(settled.value))}</pre>
      ) : (
        <p>
          <code>{error?.name}</code>: {error?.message}
        </p>
      )}
    </section>
  )
}
