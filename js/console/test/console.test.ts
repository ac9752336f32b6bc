import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { connect } from 'glasshouse-client'
import { Host } from '../../client/build/host/host.js'
import { Visit, closeBrowser, noBrowser } from './visit.js'

const SCRIPT = `
const fs = System.files
let n = 0
exports.increment = (by) => { n += by === undefined ? 1 : by; return n }
exports.join = (a, b) => ({ a, b })
exports.write = (path, data, encoding) => fs.writeFile(path, data, encoding)
exports.fail = () => { throw new TypeError('this always fails') }
exports.draw = () => System.oracle(() => Math.random())
`
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('the page of a host', { skip: noBrowser, timeout: 600_000 }, () => {
  let host: Host
  let visit: Visit

  before(async () => {
    host = await Host.start(SCRIPT)
    const client = await connect(host.place)
    await client.write('/notes/one.txt', 'first\n')
    await client.write('/notes/two.txt', 'second\n')
    await client.write('/a.png', PNG, 'base64')
    await client.$close()
    visit = await Visit.to(`http://${host.place}/`)
  })

  after(async () => {
    await visit?.end()
    await closeBrowser()
    await host?.stop()
  })

  test('says what the host is', async () => {
    const { page } = visit
    await page.getByText(host.log).first().waitFor()
    await page.getByText(host.key.id).first().waitFor()
    await page.getByText('exports.increment').waitFor()
    await page.getByText('these bytes have the SHA-256 that the log names').waitFor()
    await page.getByText('This page came from the host itself.').waitFor()
    assert.equal(await page.getByText('This is a debug host').count(), 0)
    assert.match(await page.title(), /This host/)
  })

  test('keeps a key for its visitor, over visits, and gives it out and takes another', async () => {
    const { page } = visit
    const own = page.getByRole('region', { name: 'Your key' }).locator('code').first()
    const id = await own.textContent()
    assert.match(id ?? '', /^ed25519:/)
    await page.reload()
    assert.equal(await own.textContent(), id)
    const [exported] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ])
    assert.equal(exported.suggestedFilename(), 'glasshouse.key')
    const other = { name: 'other.key', mimeType: 'text/plain', buffer: Buffer.from(host.key.toOpenSSH()) }
    const file = page.getByLabel('A key file')
    await file.setInputFiles({ ...other, buffer: Buffer.from('no key') })
    await page.getByText('That is no key.').waitFor()
    await file.setInputFiles(other)
    await page.getByRole('button', { name: 'Replace my key' }).click()
    await page.waitForFunction((key) => document.querySelector('#key ~ p code')?.textContent === key, host.key.id)
    await file.setInputFiles(await exported.path())
    await page.getByRole('button', { name: 'Replace my key' }).click()
    await page.waitForFunction((key) => document.querySelector('#key ~ p code')?.textContent === key, id)
  })

  test('calls, and shows the receipt and its proof', async () => {
    const { page } = visit
    await visit.view('Call')
    await page.getByRole('navigation', { name: 'Methods' }).getByRole('link', { name: /increment/ }).click()
    await page.getByLabel('Argument 1').fill('5')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('5', { exact: true }).waitFor()
    await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the receipt' }).click(),
    ])
    assert.match(saved.suggestedFilename(), /^receipt-\d+\.tar$/)
  })

  test('shows what a method throws, which is logged too', async () => {
    const { page } = visit
    await page.getByRole('link', { name: /^fail/ }).click()
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByText('this always fails').waitFor()
    await page.getByRole('heading', { name: 'Receipt' }).waitFor()
  })

  test('says what is wrong with an argument, and where', async () => {
    const { page } = visit
    await page.getByRole('link', { name: /^join/ }).click()
    await page.getByLabel('Argument 1').fill('[1, 2')
    await page.getByLabel('Argument 2').fill('hello')
    await page.keyboard.press('Enter')
    await page.getByText(/This is not JSON, at character 6/).waitFor()
    assert.equal(await page.getByLabel('Argument 1').evaluate((field) => field === document.activeElement), true)
    await page.getByLabel('Argument 1').fill('[1, 2]')
    await page.getByRole('button', { name: 'Make it a text' }).click()
    assert.equal(await page.getByLabel('Argument 2').inputValue(), '"hello"')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('"b": "hello"').waitFor()
  })

  test('lists the log, live', async () => {
    const { page } = visit
    await visit.view('Log')
    const rows = page.getByRole('grid').getByRole('row')
    await rows.filter({ hasText: 'the script was loaded' }).waitFor()
    await rows.filter({ hasText: 'join' }).filter({ hasText: 'you' }).waitFor()
    const client = await connect(host.place)
    await client.increment(100)
    await rows.filter({ hasText: 'increment' }).first().waitFor()
    const top = page.getByRole('grid').locator('[data-item="0"]')
    await top.filter({ hasText: 'increment' }).waitFor()
    await client.$close()
  })

  test('searches by method, caller and outcome, and goes to an index', async () => {
    const { page } = visit
    const rows = page.getByRole('grid').locator('[data-item]')
    await page.getByLabel('Method').fill('fail')
    await page.getByText(/^1 of \d+ entries$/).waitFor()
    await rows.filter({ hasText: 'threw' }).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByLabel('Caller').fill('me')
    await page.getByText(/^3 of \d+ entries$/).waitFor()
    await page.getByLabel('Outcome').selectOption('ok')
    await page.getByText(/^2 of \d+ entries$/).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByLabel('Entry').fill('1')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Entry 1' }).waitFor()
  })

  test('opens an entry to everything that it says and shows', async () => {
    const { page } = visit
    await page.getByText('/notes/one.txt', { exact: true }).waitFor()
    await page.getByText('these are the changes whose hash the entry has').waitFor()
    await page.getByText("it is the caller's, for these bytes").waitFor()
    await page.getByText('names the leaf hash of entry 0 as the one before').waitFor()
    await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
    await page.getByText('glasshouse/call/v1').waitFor()
    await page.getByText('"kind":"call"').waitFor()
    assert.equal(await page.getByText('Does not hold').count(), 0)
  })

  test('browses files, and shows those of before', async () => {
    const { page } = visit
    await visit.view('Files')
    await page.getByRole('link', { name: 'a.png' }).click()
    const image = page.getByRole('img', { name: 'a.png' })
    await image.waitFor()
    assert.equal(await image.evaluate((element: HTMLImageElement) => element.naturalWidth), 1)
    await page.getByRole('link', { name: 'all files' }).click()
    await page.getByRole('link', { name: 'notes/' }).click()
    await page.getByText('2 names, and no others').waitFor()
    await page.getByLabel('As of entry').fill('1')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('1 name, and no others').waitFor()
    await page.getByRole('link', { name: 'one.txt' }).click()
    await page.getByRole('region', { name: 'Content of one.txt' }).getByText('first').waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ])
    assert.equal(file.suggestedFilename(), 'one.txt')
    const [proof] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the proof' }).click(),
    ])
    assert.equal(proof.suggestedFilename(), 'one.txt.proof.tar')
    await page.goto(`http://${host.place}/#/files/none`)
    await page.getByText('there is nothing at').waitFor()
  })

  test('draws charts, each with a table', async () => {
    const { page } = visit
    await visit.view('Charts')
    for (const name of ['Calls per minute', 'Outcomes', 'Fuel', 'Archive']) {
      await page.getByRole('figure', { name }).getByText('As a table').click()
    }
    await page.getByRole('columnheader', { name: 'Threw' }).waitFor()
    await page.getByText(/3 files and/).waitFor()
  })

  test('is used with the keyboard alone', async () => {
    const { page } = visit
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    await page.goto(`http://${host.place}/#/host`)
    await page.reload()
    await page.getByText('exports.increment').waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'To the content')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
    await page.getByRole('link', { name: 'Log', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
    assert.equal(await focused(), 'Call log')
    await page.locator('[data-item="0"]').focus()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-item') === '1')
    await page.keyboard.press('End')
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('the script was loaded'))
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
    assert.equal(await focused(), 'Entry 0')
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Call log' }).waitFor()
  })

  test('has landmarks, and a name for everything that is operated', async () => {
    const { page } = visit
    for (const view of ['host', 'call/join', 'log', 'log/1', 'files', 'charts']) {
      await page.goto(`http://${host.place}/#/${view}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      for (const landmark of ['banner', 'navigation', 'main', 'contentinfo'] as const) {
        assert.ok((await page.getByRole(landmark).count()) > 0, `${landmark} of ${view}`)
      }
      assert.deepEqual(await visit.nameless(), [], view)
    }
  })

  test('fits on a phone', async () => {
    const phone = await Visit.to(`http://${host.place}/`, { width: 360, height: 740 })
    for (const view of ['host', 'call/join', 'log', 'log?method=none', 'log/1', 'files', 'files/notes/one.txt', 'charts', 'audit']) {
      await phone.page.goto(`http://${host.place}/#/${view}`)
      await phone.page.getByRole('heading', { level: 1 }).waitFor()
      await phone.page.waitForTimeout(300)
      const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= 360, `${view} is ${wide} pixels wide`)
    }
    assert.deepEqual(phone.problems, [])
    await phone.end()
  })

  test('has broken no rule on the way: policy, origins, errors', () => {
    assert.deepEqual(visit.problems, [])
  })
})
