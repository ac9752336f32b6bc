import type { Level, Report } from 'glasshouse-verifier'
import { useState } from 'preact/hooks'
import { type Audits, type Done, type Pace, auditsOf, doneOf } from '../audits.js'
import { useHost, useObservable } from '../hooks.js'
import { DivergedParts } from '../parts/diverged.js'
import { Failure, Notice, Title } from '../parts/basics.js'
import { save } from '../save.js'
import { count, duration, localTime, plural, size } from '../text.js'

const LEVELS: readonly [Level, string, string][] = [
  ['replay', 'Everything', 'hashes, signatures, and every call executed again'],
  ['signatures', 'Hashes and signatures', 'no call is executed'],
  ['hashes', 'Hashes', 'that the log is what was signed, and no more'],
]

/** Verifies this host in the tab: nothing has to be installed, and nothing believed. */
export function AuditView() {
  const host = useHost()
  const audits = useObservable(auditsOf(host))
  const [level, setLevel] = useState<Level>('replay')
  // What is watched is audited on the side, every few seconds.
  const isBusy = audits.isRunning && !audits.isWatching
  return (
    <>
      <Title>Audit</Title>
      <p class="lead">
        Downloads the log into this tab, checks every hash and signature, executes every call again in the interpreter that
        the log names, and compares to the byte. It runs beside the page: look at something else meanwhile, but keep the tab.
      </p>
      <form
        class="audit"
        onSubmit={(event) => {
          event.preventDefault()
          void audits.begin(level)
        }}
      >
        <fieldset class="field" disabled={isBusy}>
          <legend>What is checked</legend>
          {LEVELS.map(([name, title, hint]) => (
            <label key={name} class="choice">
              <input type="radio" name="level" checked={level === name} onChange={() => setLevel(name)} />
              <span>
                {title} <span class="hint">{hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <p class="buttons">
          {isBusy ? (
            <button type="button" onClick={() => audits.stop()}>
              Stop
            </button>
          ) : (
            <button type="submit" class="primary">
              Audit this host
            </button>
          )}
        </p>
      </form>
      {isBusy && <Running pace={audits.pace} />}
      <p class="unseen" role="status">
        {audits.done !== undefined && HEADINGS[audits.done.audit.verdict]}
      </p>
      {audits.error !== undefined && <Failure error={audits.error} title="The audit could not be made." />}
      {audits.done !== undefined && <Verdict audits={audits} done={audits.done} />}
    </>
  )
}

const PHASES = { log: 'Reading and checking', replay: 'Executing again', files: 'Comparing the files' }

function Running({ pace }: { pace: Pace | undefined }) {
  if (pace === undefined) {
    return (
      <p class="hint" role="status">
        Starting…
      </p>
    )
  }
  const { progress, speed, left } = pace
  const done = doneOf(progress)
  return (
    <div class="running">
      <p>
        <span role="status">{PHASES[progress.phase]}</span>{' '}
        <span class="hint">
          {count(done)} of {plural(progress.size, 'entry', 'entries')}
        </span>
      </p>
      <progress max={Math.max(1, progress.size)} value={done} aria-label="Audit" />
      <p class="hint">
        {speed > 0 ? `${count(Math.round(speed))} entries a second` : ' '}
        {left !== undefined && left > 0 ? `, ${duration(left)} left` : ''}
      </p>
    </div>
  )
}

const HEADINGS = {
  verified: 'Verified',
  divergence: 'Divergence',
  misbehaviour: 'Misbehaviour, proved',
  undecided: 'Undecided',
}

function Verdict({ audits, done }: { audits: Audits; done: Done }) {
  const { report, verdict, evidence } = done.audit
  return (
    <section class={`verdict ${verdict}`} aria-labelledby="verdict">
      <h2 id="verdict">{HEADINGS[verdict]}</h2>
      <p>{sentence(verdict, report)}</p>
      <p class="hint">
        {localTime(done.at)}, in {duration(done.millis)}
        {report.checked.calls > 0 && `, ${count(Math.round((1000 * report.checked.calls) / done.millis))} calls a second`}
      </p>
      {report.divergence !== null && <DivergedParts found={report.divergence} />}
      {verdict === 'verified' && <Proved report={report} />}
      <OnTrust report={report} />
      <p class="buttons">
        {evidence !== undefined && (
          <button type="button" class="primary" onClick={() => save('evidence.json', evidence, 'application/json')}>
            Save the evidence
          </button>
        )}
        <button type="button" onClick={() => save('report.json', JSON.stringify(report, null, 2), 'application/json')}>
          Save the report
        </button>
      </p>
      {evidence !== undefined && (
        <p class="hint">
          {verdict === 'misbehaviour'
            ? 'The evidence shows it to anybody: glass verify --evidence FILE judges it without a network.'
            : 'The evidence has what the host signed, which alone is no proof.'}
        </p>
      )}
      {(verdict === 'verified' || audits.isWatching) && (
        <label class="choice">
          <input
            type="checkbox"
            checked={audits.isWatching}
            onChange={(event) => audits.watch(event.currentTarget.checked)}
          />
          <span>
            Keep watching{' '}
            <span class="hint">
              {audits.isWatching && audits.isRunning
                ? 'auditing what has come…'
                : 'what the log grows by is audited as it comes'}
            </span>
          </span>
        </label>
      )}
    </section>
  )
}

function sentence(verdict: Done['audit']['verdict'], report: Report): string {
  const entries = plural(report.since + report.checked.entries, 'entry', 'entries')
  switch (verdict) {
    case 'verified':
      return report.level === 'replay'
        ? `The log of ${entries} is what its calls come to, and the published files are theirs.`
        : report.level === 'signatures'
          ? `The log of ${entries} is what the host signed, and its callers signed their calls. No call was executed.`
          : `The log of ${entries} is what the host signed. Neither signatures nor calls were checked.`
    case 'undecided':
      return `The audit could not finish: ${report.obstacle ?? report.divergence?.actual ?? 'the log is not to be had'}. That is no verdict on the host.`
    case 'misbehaviour':
      return 'The host has signed what cannot be true. Do not rely on it.'
    case 'divergence':
      return 'What the host serves is not what it must be. Do not rely on it.'
  }
}

function Proved({ report: { checked, level, since } }: { report: Report }) {
  const lines = [
    `${plural(checked.entries, 'entry', 'entries')} in the signed tree, each following the one before`,
    ...(level === 'hashes' ? [] : [`${plural(checked.signatures, 'signature')} of callers`]),
    ...(level === 'replay' ? [`${plural(checked.calls, 'call')} executed again, with the same outcome, fuel and file changes`] : []),
    ...(checked.images > 0 && level === 'replay' ? [`${plural(checked.images, 'image')} of the heap, to the byte`] : []),
    `${plural(checked.files, 'published file')} of ${size(checked.fileBytes)}`,
    ...(since > 0 ? [`${plural(since, 'entry', 'entries')} verified by the audit before`] : []),
  ]
  return (
    <>
      <h3>What was proved</h3>
      <ul class="plain-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  )
}

function OnTrust({ report: { trusted, debug } }: { report: Report }) {
  const lines = [
    ...(trusted.oracleAnswers > 0 ? [plural(trusted.oracleAnswers, 'oracle answer')] : []),
    ...(trusted.entropy > 0 ? [plural(trusted.entropy, 'random seed')] : []),
    plural(trusted.times, 'entry time'),
    ...(trusted.timerInputs > 0 ? [plural(trusted.timerInputs, 'time of a timer', 'times of timers')] : []),
    ...(trusted.aborts > 0 ? [plural(trusted.aborts, 'turn ended by the watchdog', 'turns ended by the watchdog')] : []),
    'the order of calls before they were logged',
  ]
  return (
    <>
      <h3>What is the host's word</h3>
      <ul class="plain-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {debug && (
        <Notice kind="warning">
          <p>{plural(trusted.unsignedCalls, 'unsigned call')}: this is a debug host, its callers are not authenticated.</p>
        </Notice>
      )}
    </>
  )
}
