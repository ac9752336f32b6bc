import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type AnyClient, connect } from 'glasshouse-client'
import { Host, glass } from '../../client/build/host/host.js'
import { stopAll } from '../../client/build/host/running.js'
import { Visit, closeBrowser, noBrowser } from './visit.js'

const MARKUP = '<img src=x onerror="window.hurt = 1"><script>window.hurt = 1</script>'
const SCRIPT = `
const fs = System.files
exports[${JSON.stringify(MARKUP)}] = (x) => x
exports['\\ud800 half'] = () => 1
exports['__proto__ '] = () => 1
exports.give = (x) => x
exports.many = (n) => 'x'.repeat(n)
exports.fail = (message) => { throw Object.assign(new Error(message), { name: message }) }
exports.write = (path, data, encoding) => fs.writeFile(path, data, encoding)
exports.hang = () => Array(1000).fill(2n ** 1000000n).join()
`
const LONG_NAME = `${'a long name, with spaces '.repeat(5)}'; echo hurt; '.txt`

describe('what a page must take as it comes', { skip: noBrowser, timeout: 600_000 }, () => {
  let host: Host
  let client: AnyClient
  let visit: Visit

  before(async () => {
    host = await Host.start(SCRIPT, '--title', MARKUP, '--watchdog', '300ms')
    client = await connect(host.place)
    visit = await Visit.to(`http://${host.place}/`)
  })

  after(async () => {
    await visit?.end()
    await client?.$close()
    await closeBrowser()
    await stopAll()
  })

  const go = async (view: string): Promise<void> => {
    await visit.page.goto(`http://${host.place}/#/${view}`)
  }

  /** Nothing that somebody has written became an element. */
  async function isHarmless(): Promise<void> {
    const { page } = visit
    assert.equal(await page.evaluate(() => (window as { hurt?: number }).hurt), undefined)
    assert.equal(await page.locator('#page script, #page img:not(.preview), #page iframe').count(), 0)
  }

  test('markup stays a text, in titles, names, values, errors and files', async () => {
    const { page } = visit
    await page.getByRole('link', { name: MARKUP }).waitFor()
    await isHarmless()
    await client.give(MARKUP)
    await client.fail(MARKUP).catch(() => undefined)
    await client.write(`/${MARKUP.replaceAll('/', '')}`, MARKUP)
    const newest = (await client.$receipt(MARKUP, MARKUP)).receipt.index
    await go('call')
    await page.getByRole('navigation', { name: 'Methods' }).getByRole('link', { name: MARKUP }).click()
    await page.getByLabel('Argument 1').fill(JSON.stringify(MARKUP))
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Result' }).getByText(MARKUP.slice(0, 12)).waitFor()
    await isHarmless()
    for (let index = Number(newest) - 3; index <= Number(newest); index++) {
      await go(`log/${index}`)
      await page.getByRole('heading', { name: `Entry ${index}` }).waitFor()
      await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
      await isHarmless()
    }
    await go('log')
    await page.getByRole('grid').getByText(MARKUP.slice(0, 12)).first().waitFor()
    await isHarmless()
    await go('files')
    await page.getByRole('table').getByRole('link', { name: MARKUP.slice(0, 12) }).click()
    await page.getByRole('region', { name: 'Content of' }).waitFor()
    await isHarmless()
  })

  test('a method has any name', async () => {
    const { page } = visit
    await go('call')
    await page.getByRole('link', { name: '__proto__' }).click()
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('1', { exact: true }).waitFor()
  })

  test('an entry of hundreds of calls is one line, and opens', async () => {
    const { page } = visit
    await Promise.all(Array.from({ length: 300 }, (_, i) => client.give(i)))
    await go('log')
    await page.getByRole('row').filter({ hasText: /give × \d\d/ }).first().click()
    await page.getByRole('heading', { name: /^\d\d+ calls$/ }).waitFor()
    await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
    assert.equal(await page.getByText('Does not hold').count(), 0)
  })

  test('an aborted call says whose word that is', async () => {
    const { page } = visit
    await go('call/hang')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('heading', { name: /^Aborted/ }).waitFor()
    await page.getByRole('heading', { name: 'Receipt' }).waitFor()
    await visit.view('Log')
    await page.locator('[data-item="0"]').filter({ hasText: 'hang' }).filter({ hasText: 'aborted' }).click()
    await page.getByText("The host's watchdog ended this turn.").waitFor()
  })

  test('a long result is shown in part, and whole if it is asked for', async () => {
    const { page } = visit
    await go('call/many')
    await page.getByLabel('Argument 1').fill('150000')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByText('The first 100,000 of 150,002 characters.').waitFor()
    await page.getByRole('link', { name: /^entry / }).click()
    await page.getByText('The first 100,000 of 150,002 characters.').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    const shown = page.getByRole('group', { name: 'What was returned' })
    assert.equal((await shown.textContent())?.length, 150_002)
  })

  test('files that are empty, binary, long, or not there', async () => {
    const { page } = visit
    await client.write('/odd/empty', '')
    await client.write('/odd/bytes.png', Buffer.from([0, 1, 2, 255]).toString('base64'), 'base64')
    await client.write('/odd/long.txt', 'line\n'.repeat(80_000))
    await go('files/odd')
    await page.getByText('3 names, and no others').waitFor()
    assert.match(page.url(), /#\/files\/odd\/$/)
    await page.getByRole('link', { name: 'empty' }).click()
    await page.getByText('The file is empty.').waitFor()
    await go('files/odd/bytes.png')
    await page.getByText('this is neither an image nor a text').waitFor()
    await go('files/odd/long.txt')
    await page.getByText('The first 262 kB of 400 kB.').waitFor()
    await go('files/odd/none')
    await page.getByText('there is nothing at').waitFor()
    for (const path of ['%01', 'x'.repeat(300)]) {
      await go(`files/${path}`)
      await page.getByText('What is here cannot be proved.').waitFor()
    }
    await go('files?at=none')
    await page.getByText('The log has no entry none.').waitFor()
    await go('log/none')
    await page.getByRole('heading', { name: 'No entry none' }).waitFor()
  })

  test('the proof of a file of any name is checked as the page says', async () => {
    const { page } = visit
    await client.write(`/${LONG_NAME}`, 'y'.repeat(3000))
    await go(`files/${encodeURIComponent(LONG_NAME)}`)
    const said = page.getByText(/^glass files --check/)
    await said.waitFor()
    const words = (await said.textContent()) ?? ''
    const folder = await mkdtemp(join(tmpdir(), 'glasshouse-proof-'))
    for (const [button, name] of [
      ['Download', LONG_NAME],
      ['Save the proof', 'proof.tar'],
    ] as const) {
      const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()])
      await saved.saveAs(join(folder, name))
    }
    execFileSync('tar', ['-xf', 'proof.tar'], { cwd: folder })
    assert.ok((await readdir(folder)).includes(`${LONG_NAME}.proof`))
    // As a shell reads it: the words, and nothing of the name by itself.
    const script = `glass() { for word; do printf '%s\\n' "$word"; done; }\n${words}`
    const args = execFileSync('sh', ['-c', script], { cwd: folder }).toString().trimEnd().split('\n')
    assert.deepEqual(args, ['files', '--check', `${LONG_NAME}.proof`, '--content', LONG_NAME])
    const inFolder = args.map((arg) => (arg.startsWith('a long') ? join(folder, arg) : arg))
    const { code, said: verdict } = await glass(...inFolder, '--log', host.log)
    assert.equal(code, 0, verdict)
    await rm(folder, { recursive: true })
  })

  test('has broken no rule on the way: policy, origins, errors', () => {
    assert.deepEqual(visit.problems, [])
  })
})
