// Pictures of every view, on a desk and on a phone, light and dark, of a host with some history:
//   node console/screenshots.mjs DIRECTORY      (in js, after npm run build)
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { connect } from 'glasshouse-client'
import { Host } from '../client/build/host/host.js'
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
const directory = process.argv[2]
if (directory === undefined || noBrowser !== false) {
  console.error(noBrowser || 'usage: node console/screenshots.mjs DIRECTORY')
  process.exit(2)
}
await mkdir(directory, { recursive: true })

const host = await Host.start(SCRIPT, '--fuel', '50', '--title', 'Shop window')
const debug = await Host.start(SCRIPT, '--debug', '--title', 'Shop window, tried out')
try {
  await fill(host.place)
  const entry = await callOf(host.place)
  const views = {
    host: [host, 'host'],
    debug: [debug, 'host'],
    call: [host, 'call/sign'],
    log: [host, 'log'],
    search: [host, 'log?method=sign'],
    entry: [host, `log/${entry}`],
    files: [host, 'files'],
    photo: [host, 'files/photos/dusk.png'],
    charts: [host, 'charts'],
    ...(process.env.AUDIT === 'no' ? {} : { audit: [host, 'audit'] }),
  }
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await (await launched()).newContext({ viewport, colorScheme })
      for (const [name, [of, view]] of Object.entries(views)) {
        const page = await context.newPage()
        await page.goto(`http://${of.place}/#/${view}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        if (name === 'call') {
          await make(page)
        }
        if (name === 'audit') {
          await audit(page)
        }
        await page.waitForTimeout(900)
        await page.screenshot({ path: join(directory, `${name}-${size}-${colorScheme}.png`), fullPage: true })
        await page.close()
      }
      await context.close()
    }
  }
} finally {
  await (await launched()).close()
  await Promise.all([host.stop(), debug.stop()])
}

async function fill(place) {
  const client = await connect(place)
  await client.addPhoto('dusk.png', picture(480, 300, [[24, 32, 58], [201, 120, 84]]))
  await client.addPhoto('field.png', picture(480, 300, [[120, 168, 190], [86, 122, 70]]))
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

// A call that wrote a file.
async function callOf(place) {
  const client = await connect(place)
  const { receipt } = await client.$receipt('sign', 'margaret', 'A fine window. I came by train, and it rained.')
  await client.$close()
  return receipt.index
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

/** A PNG whose colour changes from the top down, in base64. */
function picture(width, height, [from, to]) {
  const rows = Buffer.alloc((3 * width + 1) * height)
  for (let y = 0, at = 0; y < height; y++) {
    at++ // no filter
    for (let x = 0; x < width; x++) {
      const share = (y + 18 * Math.sin(x / 37)) / height
      for (let c = 0; c < 3; c++) {
        rows[at++] = Math.max(0, Math.min(255, Math.round(from[c] + (to[c] - from[c]) * share)))
      }
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const chunks = [['IHDR', head], ['IDAT', deflateSync(rows)], ['IEND', Buffer.alloc(0)]].map(([type, body]) => chunk(type, body))
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]).toString('base64')
}

function chunk(type, body) {
  const text = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const whole = Buffer.alloc(body.length + 12)
  whole.writeUInt32BE(body.length, 0)
  text.copy(whole, 4)
  whole.writeUInt32BE(crc(text), body.length + 8)
  return whole
}

function crc(bytes) {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
    }
  }
  return ~sum >>> 0
}
