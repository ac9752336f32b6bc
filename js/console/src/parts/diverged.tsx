import type { CallResult, DivergedCall, Divergence } from 'glasshouse-verifier'
import { useAnswer } from '../hooks.js'
import { href } from '../route.js'
import { LongText } from './long-text.js'
import { brief, count, plural, prettyJson } from '../text.js'

/** The first thing that is not as it must be, side by side. */
export function DivergedParts({ found }: { found: Divergence }) {
  const meaning = useAnswer(async () => (await import('glasshouse-verifier')).DIVERGENCE_SENTENCES[found.kind], found.kind)
  const { call } = found
  const isOutcome = call !== null && call.expected !== null && call.actual !== null
  return (
    <>
      <p>
        At <a href={href('log', String(found.index))}>entry {count(found.index)}</a>
        {found.method !== null && (
          <>
            , method <code>{found.method}</code>
          </>
        )}
        : {meaning.value ?? found.kind}.
      </p>
      {call !== null && <Called call={call} />}
      <div class="sides">
        <Side title="As it must be" text={isOutcome ? resultText(call.expected as CallResult) : found.expected} />
        <Side title="As the host has it" text={isOutcome ? resultText(call.actual as CallResult) : found.actual} isActual />
      </div>
      {found.files.map(({ path, diff }) => (
        <figure key={path} class="diff">
          <figcaption>
            <code>{path}</code>
          </figcaption>
          <pre class="wrap" tabIndex={0}>
            {diff.map((line, i) => (
              <span key={i} class={line.startsWith('+') ? 'more' : line.startsWith('-') ? 'less' : undefined}>
                {line}
                {'\n'}
              </span>
            ))}
          </pre>
        </figure>
      ))}
    </>
  )
}

function resultText({ outcome, fuel }: CallResult): string {
  return `${prettyJson(outcome)}\n${plural(fuel, 'poll')} of fuel`
}

function Called({ call }: { call: DivergedCall }) {
  const which = call.position === null ? '' : call.of > 1 ? `call ${call.position + 1} of ${call.of}: ` : ''
  return (
    <>
      {call.method !== null && (
        <LongText
          text={`${which}${call.method}(${(call.params ?? '').replace(/^\[|\]$/g, '')})`}
          name="The call"
        />
      )}
      {call.inputs.length > 0 && (
        <p class="hint">
          With {plural(call.inputs.length, 'input')}: <code class="any">{brief(call.inputs.join(' · '), 300)}</code>
        </p>
      )}
    </>
  )
}

function Side({ title, text, isActual = false }: { title: string; text: string; isActual?: boolean }) {
  return (
    <section class={isActual ? 'actual' : ''} aria-label={title}>
      <h3>{title}</h3>
      <LongText text={text} name={title} />
    </section>
  )
}
