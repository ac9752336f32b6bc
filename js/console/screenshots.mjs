// Pictures of every view, on a desk and on a phone, light and dark, of a host with some history:
//   node console/screenshots.mjs DIRECTORY [VIEW...]      (in js, after npm run build)
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connect } from 'glasshouse-client'
import { decodeUtf8, encodeUtf8 } from 'glasshouse-formats'
import { Forgery, entriesOf } from '../client/build/host/forgery.js'
import { Host, folder } from '../client/build/host/host.js'
import { Relay } from '../client/build/host/relay.js'
import { picture } from './build/picture.js'
import { launched, noBrowser } from './build/visit.js'

const SCRIPT = `
// A small shop window: pictures, a guest book, a draw.
const fs = System.files
let visitors = 0

exports.visit = () => ++visitors
exports.sign = async (name, text) => {
  if (!text) throw new RangeError('write something')
  await fs.writeFile('/guests/' + name + '.txt', text + '\\\\n')
  return { name, letters: text.length }
}
exports.addPhoto = (name, data) => fs.writeFile('/photos/' + name, data, 'base64')
exports.draw = () => System.oracle(() => Math.floor(Math.random() * 6) + 1)
exports.dig = () => { for (;;) {} }
`
const SIZES = { desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }
const GLASS = process.env.GLASS ?? fileURLToPath(new URL('../../glass', import.meta.url))
const COUNTER = fileURLToPath(new URL('../../samples/counter.js', import.meta.url))
const [directory, ...only] = process.argv.slice(2)
if (directory === undefined || noBrowser !== false) {
  console.error(noBrowser || 'usage: node console/screenshots.mjs DIRECTORY [VIEW...]')
  process.exit(2)
}
await mkdir(directory, { recursive: true })

const host = await Host.start(SCRIPT, '--fuel', '50', '--title', 'Shop window')
const debug = await Host.start(SCRIPT, '--debug', '--title', 'Shop window, tried out')
const relay = await Relay.before(host.place)
const several = await glass('exec', `shop=${COUNTER}`, `counter=${COUNTER}`, '-p', '0', '--dir', await folder())
const own = await glass('console', relay.place, '--port', '0')
try {
  await fill(host.place)
  const { signed, dug } = await calls(host.place)
  await lie()
  const at = (view) => `http://${host.place}/#/${view}`
  const views = {
    host: [at('host')],
    debug: [`http://${debug.place}/`],
    modules: [several.url],
    away: [at('host'), undefined, leave],
    call: [at('call/sign'), make],
    wrong: [at('call/sign'), mistake],
    log: [at('log')],
    search: [at('log?method=draw')],
    nothing: [at('log?method=nothing')],
    entry: [at(`log/${signed}`)],
    trapped: [at(`log/${dug}`)],
    files: [at('files')],
    listing: [at('files/guests/')],
    photo: [at('files/photos/dusk.png')],
    charts: [at('charts'), (page) => page.getByRole('figure', { name: 'Archive' }).getByText('As a table').waitFor()],
    audit: [at('audit'), audit],
    diverged: [`${own.url}#/audit`, audit],
  }
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await (await launched()).newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
      for (const [name, [url, act, before]] of Object.entries(views)) {
        if (only.length > 0 && !only.includes(name)) {
          continue
        }
        const page = await context.newPage()
        await before?.(page)
        await page.goto(url)
        await page.locator('h1, [role=alert]').first().waitFor()
        await act?.(page)
        // Lines and pictures are there a moment later.
        await page.waitForTimeout(700)
        await page.screenshot({ path: join(directory, `${name}-${size}-${colorScheme}.png`), fullPage: true })
        await page.close()
      }
      await context.close()
    }
  }
} finally {
  await (await launched()).close()
  several.child.kill('SIGTERM')
  own.child.kill('SIGTERM')
  await Promise.all([host.stop(), debug.stop(), relay.stop()])
}

/** Starts `glass`; where it serves. */
async function glass(...args) {
  const env = { ...process.env, GLASSHOUSE_HOME: await folder() }
  const child = spawn(GLASS, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const place = line.replace(/^(Serving|Console) at /, '')
  return { child, url: place.startsWith('http') ? place : `http://${place}/` }
}

/** From now on the relay serves a log with another outcome in its last entry, which the host's own key has signed. */
async function lie() {
  const entries = (await entriesOf(host)).slice(0, 200)
  const last = decodeUtf8(entries.at(-1)).replace(/"ok":"(\d+)"/, (_, value) => `"ok":"${Number(value) + 1}"`)
  await new Forgery(host, [...entries.slice(0, -1), encodeUtf8(last)]).serve(relay)
}

async function fill(place) {
  const client = await connect(place)
  await client.addPhoto('dusk.png', picture(480, 300, [24, 32, 58], [201, 120, 84]).toString('base64'))
  await client.addPhoto('field.png', picture(480, 300, [120, 168, 190], [86, 122, 70]).toString('base64'))
  for (let i = 0; i < 260; i++) {
    await Promise.allSettled([
      client.visit(),
      client.sign(['ada', 'grace', 'edsger', 'barbara'][i % 4], i % 9 === 0 ? '' : `Hello from visit ${i}`),
      i % 5 === 0 ? client.draw() : client.visit(),
      ...(i === 120 || i === 200 ? [client.dig()] : []),
    ])
    await new Promise((resolve) => setTimeout(resolve, 10 + 40 * Math.abs(Math.sin(i / 30))))
  }
  await client.$close()
}

/** The entries of a call that wrote a file, and of one that a limit has stopped. */
async function calls(place) {
  const client = await connect(place)
  const { receipt } = await client.$receipt('sign', 'margaret', 'A fine window. I came by train, and it rained.')
  const { receipt: stopped } = await client.$receipt('dig')
  await client.$close()
  return { signed: receipt.index, dug: stopped.index }
}

async function leave(page) {
  await page.route('**', (route) => (route.request().resourceType() === 'fetch' ? route.abort() : route.continue()))
}

async function mistake(page) {
  await page.getByLabel('Argument 1').fill('alan')
  await page.getByLabel('Argument 2').fill('["Seen",')
  await page.getByRole('button', { name: 'Call', exact: true }).click()
}

async function make(page) {
  await page.getByLabel('Argument 1').fill('"alan"')
  await page.getByLabel('Argument 2').fill('"Seen and approved."')
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  await page.getByRole('heading', { name: 'Receipt' }).waitFor()
}

async function audit(page) {
  await page.getByRole('button', { name: 'Audit this host' }).click()
  await page.getByRole('heading', { name: /Verified|Divergence|Undecided|Misbehaviour/ }).waitFor()
}
