import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { connect } from 'glasshouse-client'
import { EntryBundle, Hash, decodeUtf8, encodeUtf8 } from 'glasshouse-formats'
import { Forgery, entriesOf } from '../../client/build/host/forgery.js'
import { Host, folder, glass } from '../../client/build/host/host.js'
import { Relay } from '../../client/build/host/relay.js'
import { stopAll } from '../../client/build/host/running.js'
import { Visit, closeBrowser, noBrowser } from './visit.js'

const GLASS = process.env['GLASS'] ?? fileURLToPath(new URL('../../../glass', import.meta.url))
const CALLS = 5
const SCRIPT = `
let n = 0
exports.increment = () => ++n
exports.draw = () => System.oracle(() => 4)
`

describe('the audit in the page', { skip: noBrowser, timeout: 600_000 }, () => {
  let host: Host
  let relay: Relay
  let own: ChildProcess
  let url: string
  let entries: Uint8Array[]

  // A liar stands between the host and the page, which the user's own machine serves.
  before(async () => {
    host = await Host.start(SCRIPT)
    const client = await connect(host.place)
    await client.draw()
    for (let i = 0; i < CALLS; i++) {
      await client.increment()
    }
    await client.$close()
    entries = await entriesOf(host)
    relay = await Relay.before(host.place)
    own = spawn(GLASS, ['console', relay.place, '--port', '0'], {
      env: { ...process.env, GLASSHOUSE_HOME: await folder() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: own.stdout as NodeJS.ReadableStream }), 'line')) as [string]
    url = /^Console at (\S+)$/.exec(line)?.[1] ?? ''
  })

  after(async () => {
    own?.kill('SIGTERM')
    await closeBrowser()
    await stopAll()
  })

  /** What the host serves from now on: other entries, under its own signature. */
  async function forge(altered: readonly Uint8Array[]): Promise<void> {
    await new Forgery(host, altered).serve(relay)
  }

  function lastEntry(change: (text: string) => string): Uint8Array[] {
    const text = decodeUtf8(entries.at(-1) as Uint8Array)
    assert.notEqual(change(text), text)
    return [...entries.slice(0, -1), encodeUtf8(change(text))]
  }

  /** Audits in a browser that has never seen the host. */
  async function audited(): Promise<Visit> {
    const visit = await Visit.to(`${url}#/audit`)
    await visit.page.getByRole('button', { name: 'Audit this host' }).click()
    await visit.page.locator('.verdict').waitFor()
    return visit
  }

  test('verifies an honest host, says what is left to trust, and keeps watching', async () => {
    const visit = await Visit.to(`http://${host.place}/#/audit`)
    const { page } = visit
    await page.getByRole('button', { name: 'Audit this host' }).click()
    await page.getByRole('heading', { name: 'Verified' }).waitFor()
    await page.getByText(`${CALLS + 1} calls executed again`).waitFor()
    await page.getByText('1 oracle answer', { exact: true }).waitFor()
    await page.getByLabel('Keep watching').check()
    const client = await connect(host.place)
    await client.increment()
    await client.$close()
    await page.getByText(`${CALLS + 2} entries verified by the audit before`).waitFor()
    await page.getByRole('heading', { name: 'Verified' }).waitFor()
    assert.deepEqual(visit.problems, [])
    await visit.end()
  })

  test('watches on when the log could not be had for a while, and stops when it is told to', async () => {
    const visit = await audited()
    const { page } = visit
    const watching = page.getByLabel('Keep watching')
    await watching.check()
    relay.isWithheld = (path) => path.startsWith('/tile/entries')
    const client = await connect(host.place)
    await client.increment()
    await page.getByRole('heading', { name: 'Undecided' }).waitFor()
    assert.equal(await watching.isChecked(), true)
    relay.isWithheld = () => false
    await page.getByRole('heading', { name: 'Verified' }).waitFor()
    await watching.uncheck()
    await client.increment()
    await client.$close()
    await page.getByRole('button', { name: 'Audit this host' }).click()
    await page.getByText(/^The log of \d+ entries is what its calls come to/).waitFor()
    assert.equal(await watching.isChecked(), false)
    assert.deepEqual(visit.problems, [])
    await visit.end()
  })

  test('finds an outcome that is another, and shows both side by side', async () => {
    await forge(lastEntry((text) => text.replace(`"ok":"${CALLS}"`, `"ok":"${CALLS + 1}"`)))
    const visit = await audited()
    const { page } = visit
    await page.getByRole('heading', { name: 'Divergence' }).waitFor()
    await page.getByText('the outcome is another').waitFor()
    await page.getByRole('link', { name: `entry ${CALLS + 1}` }).waitFor()
    const side = async (name: string) => (await page.getByRole('region', { name }).locator('pre').textContent()) ?? ''
    assert.match(await side('As it must be'), new RegExp(`"ok": "${CALLS}"`))
    assert.match(await side('As the host has it'), new RegExp(`"ok": "${CALLS + 1}"`))
    assert.deepEqual(visit.problems, [])
    await visit.end()
  })

  test('proves an entry that breaks a rule, with evidence that others can judge', async () => {
    await forge(lastEntry((text) => text.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${Hash.ZERO.hex()}"`)))
    const visit = await audited()
    const { page } = visit
    await page.getByRole('heading', { name: 'Misbehaviour, proved' }).waitFor()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the evidence' }).click(),
    ])
    const { code, said } = await glass('verify', '--evidence', await saved.path(), '--log', host.log)
    assert.equal(code, 4, said)
    assert.deepEqual(visit.problems, [])
    await visit.end()
  })

  test('finds entries that are not those of the signed tree; the log shows none of them', async () => {
    await forge(entries)
    const altered = lastEntry((text) => text.replace(`"ok":"${CALLS}"`, `"ok":"${CALLS + 1}"`))
    relay.pages.set(`/${EntryBundle.holding(0n, BigInt(entries.length)).path()}`, EntryBundle.encode(altered))
    const visit = await audited()
    const { page } = visit
    await page.getByRole('heading', { name: /^(Divergence|Misbehaviour, proved)$/ }).waitFor()
    await visit.view('Log')
    await page.getByText('Some entries cannot be shown.').waitFor()
    assert.equal(await page.getByRole('grid').getByText('increment').count(), 0)
    assert.deepEqual(visit.problems, [])
    await visit.end()
  })
})
