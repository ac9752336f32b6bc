import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { connect } from 'glasshouse-client'
import { Host, folder } from '../../client/build/host/host.js'
import { stopAll } from '../../client/build/host/running.js'
import { Visit, closeBrowser, noBrowser } from './visit.js'

const GLASS = process.env['GLASS'] ?? fileURLToPath(new URL('../../../glass', import.meta.url))
const SCRIPT = `
let n = 0
exports.increment = () => ++n
exports.who = () => System.caller.id
`

describe('the page of other hosts', { skip: noBrowser, timeout: 600_000 }, () => {
  after(async () => {
    await closeBrowser()
    await stopAll()
  })

  test('goes on when its host is killed and started again', async () => {
    const host = await Host.start(SCRIPT)
    const visit = await Visit.to(`http://${host.place}/#/call/increment`)
    const { page } = visit
    const call = page.getByRole('button', { name: 'Call', exact: true })
    const result = (text: string) => page.getByRole('region', { name: 'Result' }).getByText(text, { exact: true })
    await call.click()
    await result('1').waitFor()
    await host.kill()
    await page.getByText('not answering, trying again').waitFor()
    // What could not be had is asked for again by itself.
    await page.goto(`http://${host.place}/#/log/1`)
    await page.getByText('The entry cannot be shown.').waitFor()
    const again = await host.again()
    await page.getByText('connected').waitFor({ state: 'attached' })
    await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
    await visit.view('Call')
    await page.getByRole('link', { name: /^increment/ }).click()
    await result('1').waitFor()
    await call.click()
    await result('2').waitFor()
    await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
    assert.deepEqual(visit.problems, [])
    await visit.end()
    await again.stop()
  })

  test('warns of a debug host, and calls it as a user', async () => {
    const host = await Host.start(SCRIPT, '--debug')
    const visit = await Visit.to(`http://${host.place}/`)
    const { page } = visit
    await page.getByText('This is a debug host.').waitFor()
    await visit.view('Call')
    await page.getByRole('link', { name: /^who/ }).click()
    await page.getByLabel('a user, at my word').check()
    await page.getByLabel('User name').fill('bob')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('"bob"').waitFor()
    await page.getByText('This call was not signed.').waitFor()
    assert.deepEqual(visit.problems, [])
    await visit.end()
    await host.stop()
  })

  test('says so when nobody answers, and shows the host when it does', async () => {
    const host = await Host.start(SCRIPT)
    const visit = await Visit.to(`http://${host.place}/#/host`)
    const { page } = visit
    await page.getByText(host.log).first().waitFor()
    // The page itself is there, as with `glass console`.
    await page.route('**', (route) => (route.request().resourceType() === 'fetch' ? route.abort() : route.continue()))
    await page.reload()
    await page.getByText('The host does not answer.').waitFor()
    await page.unroute('**')
    await page.getByText(host.log).first().waitFor()
    assert.deepEqual(visit.problems, [])
    await visit.end()
    await host.stop()
  })

  test('asks before it takes another log at the same place', async () => {
    const host = await Host.start(SCRIPT)
    const visit = await Visit.to(`http://${host.place}/`)
    await visit.page.getByText(host.log).first().waitFor()
    await host.kill()
    await rm(join(host.home, 'log'), { recursive: true })
    const other = await host.again()
    await visit.page.reload()
    await visit.page.getByText('This is another log than before.').waitFor()
    await visit.page.getByRole('button', { name: 'Go on with the new log' }).click()
    await visit.page.getByText(other.log).first().waitFor()
    await visit.end()
    await other.stop()
  })

  test('lists the modules of a host that has several, each with a page of its own', async () => {
    const dir = await folder()
    const counter = fileURLToPath(new URL('../../../samples/counter.js', import.meta.url))
    const child = spawn(GLASS, ['exec', `one=${counter}`, `two=${counter}`, '-p', '0', '--dir', dir], {
      env: { ...process.env, GLASSHOUSE_HOME: join(dir, 'home') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (lines.filter((each) => each.startsWith('Call log: ')).length === 2) {
        break
      }
    }
    const place = /^Serving at (\S+)$/.exec(lines[0] ?? '')?.[1]
    const visit = await Visit.to(`http://${place}/`)
    const { page } = visit
    await page.getByRole('heading', { level: 1, name: '2 modules' }).waitFor()
    await page.getByRole('link', { name: 'two' }).click()
    await visit.view('Call')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('1', { exact: true }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/two/')
    assert.deepEqual(visit.problems, [])
    await visit.end()
    child.kill('SIGKILL')
    await once(child, 'exit')
    await rm(dir, { recursive: true, force: true })
  })

  test('shows a copy of a log, which takes no calls', async (context) => {
    const host = await Host.start(SCRIPT)
    const client = await connect(host.place)
    await client.increment()
    await client.$close()
    // A host that is killed may leave entries behind that no checkpoint is there for.
    await host.kill('SIGTERM')
    const child = spawn(GLASS, ['serve', join(host.home, 'log'), '-p', '0'], {
      env: { ...process.env, GLASSHOUSE_HOME: await folder() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    context.after(() => child.kill('SIGKILL'))
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const visit = await Visit.to(`${/^Serving at (\S+)$/.exec(line)?.[1]}/`)
    const { page } = visit
    await page.getByText('This is a copy of the log of a host').waitFor()
    await visit.view('Call')
    await page.getByText('It takes no calls').waitFor()
    await visit.view('Log')
    await page.locator('[data-item]').filter({ hasText: 'increment' }).click()
    await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
    await visit.view('Audit')
    await page.getByRole('button', { name: 'Audit this host' }).click()
    await page.getByRole('heading', { name: 'Verified' }).waitFor()
    assert.deepEqual(visit.problems, [])
    await visit.end()
    child.kill('SIGTERM')
    await once(child, 'exit')
    await host.stop()
  })

  test('is served by glass console as well, which says so', async () => {
    const host = await Host.start(SCRIPT)
    const child = spawn(GLASS, ['console', host.place, '--port', '0'], {
      env: { ...process.env, GLASSHOUSE_HOME: await folder() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const url = /^Console at (\S+)$/.exec(line)?.[1] ?? ''
    const visit = await Visit.to(url)
    const { page } = visit
    await page.getByText('This page is your own:').waitFor()
    await page.getByText(host.log).first().waitFor()
    await visit.view('Call')
    await page.getByRole('link', { name: /^increment/ }).click()
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('1', { exact: true }).waitFor()
    await visit.view('Log')
    const client = await connect(host.place)
    await client.increment()
    await page.locator('[data-item="0"]').filter({ hasText: 'increment' }).waitFor()
    await page.locator('[data-item="2"]').filter({ hasText: 'the script was loaded' }).waitFor()
    await client.$close()
    assert.deepEqual(visit.problems, [])
    await visit.end()
    child.kill('SIGTERM')
    await once(child, 'exit')
    await host.stop()
  })
})
