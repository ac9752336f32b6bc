// What the console of a host costs its visitor, in Chromium, with nothing in its cache:
//   node console/measure.mjs http://HOST:PORT/ [--audit]      (in js, after npm run build)
import { launched, noBrowser } from './build/visit.js'

const url = process.argv[2]
if (url === undefined || noBrowser !== false) {
  console.error(noBrowser || 'usage: node console/measure.mjs http://HOST:PORT/ [--audit]')
  process.exit(2)
}
const browser = await launched()
const millis = (number) => `${Math.round(number).toLocaleString('en')} ms`

try {
  await firstLook()
  await log()
  if (process.argv.includes('--audit')) {
    await audit()
  }
} finally {
  await browser.close()
}

async function visit(view) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(600_000)
  await page.goto(`${url}#/${view}`, { waitUntil: 'commit' })
  return page
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
  const [now] = await page.evaluate(() => [performance.now()])
  console.log(`first look: ${bytes.page.toLocaleString('en')} bytes of page, ${bytes.log.toLocaleString('en')} of log; all shown after ${millis(now)}`)
  await page.close()
}

async function log() {
  const page = await visit('log')
  await page.locator('[data-item="0"] .deed').waitFor()
  const shown = await page.evaluate(() => performance.now())
  const size = Number((await page.locator('.live').innerText()).replace(/\D/g, ''))
  console.log(`log of ${size.toLocaleString('en')} entries: first lines after ${millis(shown)}`)
  const frames = await page.evaluate(scrollThrough, Math.min(20_000, size))
  console.log(`scrolled to its end in ${frames.length} frames: half of them within ${frames.half.toFixed(1)} ms, 99 of 100 within ${frames.most.toFixed(1)} ms, the longest ${frames.longest.toFixed(1)} ms; lines at the end after ${millis(frames.arrived)}`)
  const begun = Date.now()
  await page.getByLabel('Method').fill('nothing-of-this-name')
  await page.getByText(/^0 of [\d,]+ entries$/).waitFor()
  console.log(`searched to its beginning in ${millis(Date.now() - begun)}`)
  await page.close()
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

async function audit() {
  const page = await visit('audit')
  await page.getByRole('button', { name: 'Audit this host' }).click()
  await page.locator('.verdict').waitFor()
  console.log(`audit: ${(await page.locator('.verdict').innerText()).split('\n').filter((line) => line !== '').slice(0, 3).join(' ')}`)
  await page.close()
}
