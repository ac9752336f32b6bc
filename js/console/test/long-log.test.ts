import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type AnyClient, connect } from 'glasshouse-client'
import { Host } from '../../client/build/host/host.js'
import { stopAll } from '../../client/build/host/running.js'
import { Visit, closeBrowser, noBrowser } from './visit.js'

/** `bench/console.sh --entries 100000` looks at a longer one. */
const CALLS = 4000
const IN_FLIGHT = 200
const SCRIPT = `
let n = 0
exports.increment = () => ++n
exports.rare = () => n
`

async function fill(client: AnyClient): Promise<void> {
  for (let made = 0; made < CALLS / 2; made += IN_FLIGHT) {
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => client.increment()))
  }
}

describe('the page of a log of thousands', { skip: noBrowser, timeout: 600_000 }, () => {
  let host: Host
  let visit: Visit

  before(async () => {
    // Unsigned calls are an entry each.
    host = await Host.start(SCRIPT, '--debug')
    const alice = await connect(host.place, { user: 'alice' })
    const bob = await connect(host.place, { user: 'bob' })
    await bob.rare()
    await fill(alice)
    await bob.rare()
    await fill(alice)
    await Promise.all([alice.$close(), bob.$close()])
    visit = await Visit.to(`http://${host.place}/#/log`)
  })

  after(async () => {
    await visit?.end()
    await closeBrowser()
    await stopAll()
  })

  const size = CALLS + 3
  const line = (index: number) => visit.page.getByRole('row').filter({ hasText: new RegExp(`^${index.toLocaleString('en')}\\d\\d:`) })

  /** Drags the list so that an entry is in its middle. */
  async function scrollTo(index: number): Promise<void> {
    await visit.page.locator('.virtual').evaluate((box, share) => {
      box.scrollTop = share * (box.scrollHeight - box.clientHeight)
    }, 1 - index / (size - 1))
    await line(index).locator('.deed').waitFor()
  }

  test('shows its newest, middle and oldest entries, each in its place', async () => {
    const { page } = visit
    await line(size - 1).filter({ hasText: 'increment' }).waitFor()
    await scrollTo(CALLS / 2 + 2)
    await line(CALLS / 2 + 2).filter({ hasText: 'rare' }).filter({ hasText: 'bob' }).waitFor()
    await scrollTo(0)
    await line(0).filter({ hasText: 'the script was loaded' }).waitFor()
    assert.ok((await page.getByRole('row').count()) < 60, 'only what is in sight is there')
  })

  test('is left at an entry, and found there again', async () => {
    const { page } = visit
    await scrollTo(1500)
    await line(1500).click()
    await page.getByRole('heading', { level: 1, name: 'Entry 1,500' }).waitFor()
    await page.goBack()
    await line(1500).waitFor()
    assert.equal(await line(1500).getAttribute('aria-selected'), 'true')
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Log' }).click()
  })

  test('is searched from end to beginning', async () => {
    const { page } = visit
    await page.getByLabel('Method').fill('rare')
    await page.getByText(`2 of ${size.toLocaleString('en')} entries`).waitFor()
    await line(1).waitFor()
    await line(CALLS / 2 + 2).waitFor()
    await page.getByLabel('Caller').fill('ALI')
    await page.getByText('No entry matches.').waitFor()
    await page.getByLabel('Method').fill('')
    await page.getByText(`${CALLS.toLocaleString('en')} of ${size.toLocaleString('en')} entries`).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByLabel('Entry').fill('9,999')
    await page.getByText(`from 0 to ${(size - 1).toLocaleString('en')}`, { exact: true }).waitFor()
    await page.getByLabel('Entry').fill('1,234')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Entry 1,234' }).waitFor()
    await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
  })

  test('stays where it is read when it grows', async () => {
    const { page } = visit
    await visit.view('Log')
    await scrollTo(2500)
    const top = () => line(2500).evaluate((row) => row.getBoundingClientRect().top)
    const before = await top()
    const bob = await connect(host.place, { user: 'bob' })
    await bob.rare()
    await bob.$close()
    await page.getByText(`${(size + 1).toLocaleString('en')} entries`).first().waitFor()
    assert.ok(Math.abs((await top()) - before) < 2, `${before} pixels from the top, then ${await top()}`)
  })

  test('is drawn in charts', async () => {
    const { page } = visit
    await visit.view('Charts')
    await page.getByText(`${(CALLS + 3).toLocaleString('en')} calls in`).waitFor()
    await page.getByRole('figure', { name: 'Archive' }).getByText('As a table').waitFor()
    assert.deepEqual(visit.problems, [])
  })
})
