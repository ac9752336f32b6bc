// What the console of a host costs its visitor, in Chromium, with nothing in its cache, and whether it shows
// what the host's log has: at any place of it, to any search, in the charts.
//   node console/measure.mjs http://HOST:PORT/      (in js, after npm run build)
import { EntryBundle, decodeUtf8 } from 'glasshouse-formats'
import { launched, noBrowser } from './build/visit.js'

/** A tab that has read a log of any length has no more than this, and so much for each entry. */
const MAX_HEAP = 30e6
const MAX_HEAP_EACH = 300

const url = process.argv[2]
if (url === undefined || noBrowser !== false) {
  console.error(noBrowser || 'usage: node console/measure.mjs http://HOST:PORT/')
  process.exit(2)
}
const browser = await launched()
const entries = await readLog()
const size = entries.length
const number = (value) => value.toLocaleString('en')
const millis = (value) => `${number(Math.round(value))} ms`

try {
  await firstLook()
  const page = await log()
  await places(page)
  await searches(page)
  await charts(page)
  await memory(page)
} finally {
  await browser.close()
}

/** What the page must show, read without it: the caller and the methods of each entry. */
async function readLog() {
  const checkpoint = await (await fetch(`${url}checkpoint`)).text()
  const length = BigInt(checkpoint.split('\n')[1])
  const list = []
  while (BigInt(list.length) < length) {
    const bundle = EntryBundle.holding(BigInt(list.length), length)
    const answer = await fetch(url + bundle.path())
    for (const bytes of bundle.decode(new Uint8Array(await answer.arrayBuffer()))) {
      const { caller, request } = JSON.parse(decodeUtf8(bytes))
      const calls = typeof request === 'string' ? JSON.parse(request).calls : []
      list.push({ caller: caller?.key ?? '', methods: calls.map(({ method }) => method) })
    }
  }
  return list
}

// Everything that came over the line, headers and all, until the host is described.
async function firstLook() {
  const page = await (await browser.newContext()).newPage()
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const urls = new Map()
  const bytes = { page: 0, log: 0 }
  network.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url))
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = urls.get(requestId)?.slice(url.length) ?? ''
    bytes[path === '' || path.startsWith('console/') ? 'page' : 'log'] += encodedDataLength
  })
  await page.goto(url)
  await page.getByText('these bytes have the SHA-256').waitFor()
  const now = await page.evaluate(() => performance.now())
  console.log(`first look: ${number(bytes.page)} bytes of page, ${number(bytes.log)} of log; all shown after ${millis(now)}`)
  await page.context().close()
}

async function log() {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(300_000)
  await page.goto(`${url}#/log`, { waitUntil: 'commit' })
  await page.locator('[data-item="0"] .deed').waitFor()
  // It answers to what is typed, too.
  await page.getByLabel('Entry').fill('0')
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  const interactive = await page.evaluate(() => performance.now())
  console.log(`log of ${number(size)} entries: interactive after ${millis(interactive)}`)
  const frames = await page.evaluate(scrollThrough)
  console.log(`scrolled to its end in ${frames.length} frames: half of them within ${frames.half.toFixed(1)} ms, 99 of 100 within ${frames.most.toFixed(1)} ms, the longest ${frames.longest.toFixed(1)} ms; lines at the end after ${millis(frames.arrived)}`)
  return page
}

// In the page: from the top to the end in two seconds, as someone drags the bar.
async function scrollThrough() {
  const box = document.querySelector('.virtual')
  const end = box.scrollHeight - box.clientHeight
  const times = []
  const begun = performance.now()
  let last = begun
  for (let share = 0; share < 1; ) {
    const now = await new Promise((resolve) => requestAnimationFrame(resolve))
    times.push(now - last)
    last = now
    share = Math.min(1, (now - begun) / 2000)
    box.scrollTop = end * share
  }
  const stopped = performance.now()
  const isThere = () => [...box.querySelectorAll('.row')].at(-1)?.textContent?.includes('the script was loaded')
  while (!isThere() && performance.now() - stopped < 20_000) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  times.shift()
  times.sort((one, other) => one - other)
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]
  return { length: times.length, half: at(0.5), most: at(0.99), longest: at(1), arrived: performance.now() - stopped }
}

async function places(page) {
  const begun = Date.now()
  const indexes = [0, 1, Math.floor(size / 3), Math.floor(size / 2), Math.ceil((size * 7) / 8), size - 2, size - 1]
  for (const index of indexes) {
    await page.locator('.virtual').evaluate((box, share) => {
      box.scrollTop = share * (box.scrollHeight - box.clientHeight)
    }, 1 - index / (size - 1))
    const line = page.locator(`[data-item="${size - 1 - index}"]`)
    await line.locator('.deed').waitFor()
    const shown = await line.innerText()
    const { caller, methods } = entries[index]
    const wanted = [number(index), ...(methods.length === 1 ? methods : []), caller.replace(/^ed25519:/, '').slice(0, 14)]
    demand(wanted.every((text) => shown.includes(text)), `line ${index} says ${shown}, not ${wanted}`)
  }
  console.log(`the right lines at ${indexes.length} places from beginning to end, each within ${millis((Date.now() - begun) / indexes.length)}`)
}

async function searches(page) {
  const { caller } = entries[Math.floor(size / 2)]
  const [method] = entries.at(-2).methods
  for (const [label, text, matches] of [
    ['Method', 'nothing-of-this-name', () => false],
    ['Method', method, ({ methods }) => methods.includes(method)],
    ['Caller', caller.slice(8, 24), (entry) => entry.caller === caller],
  ]) {
    const found = entries.filter(matches).length
    await page.evaluate(watchFrames)
    const begun = Date.now()
    await page.getByLabel(label).fill(text)
    await page.getByText(`${number(found)} of ${number(size)} entries`, { exact: true }).waitFor()
    const took = Date.now() - begun
    const longest = await page.evaluate(() => window.longestFrame())
    if (found > 0) {
      await page.locator('[data-item="0"] .deed').waitFor()
    }
    console.log(`searched for a ${label.toLowerCase()} of ${number(found)} entries in ${millis(took)}, the longest frame ${millis(longest)}`)
    await page.getByRole('button', { name: 'Show all' }).click()
  }
  const begun = Date.now()
  const index = Math.floor(size / 2)
  await page.getByLabel('Entry').fill(String(index))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: `Entry ${number(index)}` }).waitFor()
  await page.getByRole('img', { name: /it is the root that was signed/ }).waitFor()
  console.log(`opened entry ${number(index)}, with its proof, in ${millis(Date.now() - begun)}`)
}

// In the page: the longest time between two frames from now on, which is for how long nothing answers.
function watchFrames() {
  let longest = 0
  let last = performance.now()
  let isOn = true
  const frame = (now) => {
    longest = Math.max(longest, now - last)
    last = now
    if (isOn) {
      requestAnimationFrame(frame)
    }
  }
  requestAnimationFrame(frame)
  window.longestFrame = () => {
    isOn = false
    return longest
  }
}

async function charts(page) {
  const calls = entries.reduce((sum, { methods }) => sum + methods.length, 0)
  const begun = Date.now()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Charts' }).click()
  await page.getByText(`${number(calls)} calls in ${number(size)} entries`, { exact: true }).waitFor()
  await page.getByRole('figure', { name: 'Archive' }).getByText('As a table').waitFor()
  const bars = await page.getByRole('figure', { name: 'Calls per minute' }).locator('rect.plain').count()
  demand(bars > 0, 'there are no bars')
  console.log(`charts of ${number(calls)} calls in ${millis(Date.now() - begun)}`)
}

async function memory(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value
  const most = MAX_HEAP + size * MAX_HEAP_EACH
  console.log(`memory of the tab's scripts after all that: ${number(Math.round(heap / 1e6))} MB`)
  demand(heap <= most, `it has ${number(heap)} bytes, more than ${number(most)}`)
}

function demand(holds, message) {
  if (!holds) {
    throw new Error(message)
  }
}
