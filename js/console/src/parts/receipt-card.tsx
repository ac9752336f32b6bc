import type { CallReceipt } from 'glasshouse-client'
import { leafHash } from 'glasshouse-formats'
import { useMemo } from 'preact/hooks'
import type { Host } from '../host.js'
import { followProof } from '../log/inclusion.js'
import { href } from '../route.js'
import { save, tar } from '../save.js'
import { count } from '../text.js'
import { ProofPath } from './proof-path.js'

/** The receipt of a call: that the host has signed a tree with this very call and outcome in it. */
export function ReceiptCard({ host, receipt }: { host: Host; receipt: CallReceipt }) {
  const { receipt: shown, index } = receipt
  const path = useMemo(() => {
    const { head } = shown.verify(host.genesis.origin, host.genesis.host)
    return followProof(index, leafHash(shown.entry), head, shown.proof)
  }, [receipt])
  const name = `receipt-${index}`
  const files = () =>
    new Map([...receipt.files()].map(([suffix, bytes]) => [`${name}.tlog-proof${suffix}`, bytes] as const))
  return (
    <section class="receipt" aria-labelledby="receipt">
      <h3 id="receipt">Receipt</h3>
      <p>
        The call is <a href={href('log', String(index))}>entry {count(index)}</a>. The host has signed that; what the call
        came to is right if an audit finds so.
      </p>
      <ProofPath path={path} />
      <p class="buttons">
        <button type="button" onClick={() => save(`${name}.tar`, tar(files()), 'application/x-tar')}>
          Save the receipt
        </button>
      </p>
      <p class="hint">
        A tar archive. Unpacked, <code>glass receipt --check {name}.tlog-proof</code> checks it without a network.
      </p>
    </section>
  )
}
