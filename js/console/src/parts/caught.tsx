import { type CaughtHostError, formatEvidence } from 'glasshouse-client'
import { save } from '../save.js'
import { Notice } from './basics.js'

/** What a host was caught at, and the evidence to keep. */
export function CaughtNotice({ error }: { error: CaughtHostError }) {
  const { evidence } = error
  return (
    <Notice kind="error" title="This host has been caught. Do not rely on it.">
      <p>{error.message}</p>
      {evidence === undefined && (
        <p>If you know that another log was begun here, load the page again: it asks you before it goes on.</p>
      )}
      {evidence !== undefined && (
        <p>
          <button
            type="button"
            onClick={() => save(`${evidence.log.hex().slice(0, 16)}-${evidence.claim}.json`, formatEvidence(evidence), 'application/json')}
          >
            Save the evidence
          </button>{' '}
          {error.proved
            ? 'It proves the misbehaviour to anybody: glass verify --evidence FILE judges it.'
            : 'It shows what the host has signed, which is no proof by itself.'}
        </p>
      )}
    </Notice>
  )
}
