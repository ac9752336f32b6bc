import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { connect } from 'glasshouse-client'
import type { Page } from 'playwright-core'
import { Host } from '../../client/build/host/host.js'
import { stopAll } from '../../client/build/host/running.js'
import { Visit, closeBrowser, noBrowser } from './visit.js'

/** WCAG 2.2, 1.4.3, for texts of any size, and 1.4.11 for what shows where a field is. */
const TEXT = 4.5
const EDGE = 3
const SCRIPT = `
exports.sign = (name) => System.files.writeFile('/guests/' + name + '.txt', name)
exports.fail = () => { throw new Error('always') }
exports.draw = () => System.oracle(() => 4)
`
const VIEWS = ['host', 'call/fail', 'call/sign', 'log', 'log?method=fail', 'log/2', 'files/guests/', 'files/guests/ada.txt', 'charts', 'audit']

describe('the colours of the page', { skip: noBrowser, timeout: 600_000 }, () => {
  let host: Host

  before(async () => {
    host = await Host.start(SCRIPT, '--debug')
    const client = await connect(host.place)
    await client.sign('ada')
    await client.fail().catch(() => undefined)
    await client.draw()
    await client.$close()
  })

  after(async () => {
    await closeBrowser()
    await stopAll()
  })

  for (const scheme of ['light', 'dark'] as const) {
    test(`are told apart, ${scheme}`, async () => {
      const visit = await Visit.to(`http://${host.place}/`)
      const { page } = visit
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      for (const view of VIEWS) {
        await page.goto(`http://${host.place}/#/${view}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await prepare(page, view)
        assert.deepEqual(await page.evaluate(tooFaint, [TEXT, EDGE] as const), [], `${view}, ${scheme}`)
      }
      assert.deepEqual(visit.problems, [])
      await visit.end()
    })
  }
})

async function prepare(page: Page, view: string): Promise<void> {
  if (view === 'call/fail') {
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('heading', { name: 'Receipt' }).waitFor()
  } else if (view === 'call/sign') {
    await page.getByLabel('Argument 1').fill('[1')
    await page.keyboard.press('Enter')
    await page.getByText('This is not JSON').waitFor()
  } else if (view === 'audit') {
    await page.getByRole('button', { name: 'Audit this host' }).click()
    await page.getByRole('heading', { name: 'Verified' }).waitFor()
  } else {
    await page.waitForFunction(() => document.querySelector('main .waiting') === null)
  }
}

/** In the page: what has too little contrast to what is behind it. */
function tooFaint([text, edge]: readonly [number, number]): string[] {
  type Colour = readonly [number, number, number, number]
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
  const parsed = (css: string): Colour => {
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = css
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const over = (top: Colour, below: Colour): Colour => {
    const mixed = [0, 1, 2].map((i) => (top[i] as number) * top[3] + (below[i] as number) * (1 - top[3]))
    return [mixed[0] as number, mixed[1] as number, mixed[2] as number, 1]
  }
  const behind = (element: Element | null): Colour =>
    element === null ? [255, 255, 255, 1] : over(parsed(getComputedStyle(element).backgroundColor), behind(element.parentElement))
  const light = (colour: Colour): number => {
    const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((each) => {
      const share = each / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const ratio = (one: Colour, other: Colour): number => {
    const [low = 0, high = 0] = [light(one), light(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  const found: string[] = []
  const check = (least: number, what: string, css: string, background: Colour): void => {
    const got = ratio(over(parsed(css), background), background)
    if (got < least) {
      found.push(`${what}: ${got.toFixed(2)}`)
    }
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement as Element
    const isSeen = element.getClientRects().length > 0 && element.closest('.unseen, noscript, title') === null
    if (isSeen && (node.textContent ?? '').trim() !== '') {
      const style = getComputedStyle(element)
      const isDrawn = element instanceof SVGElement
      const box = isDrawn ? element.parentElement?.querySelector('rect') : null
      const background = box ? over(parsed(getComputedStyle(box).fill), behind(element.closest('svg'))) : behind(isDrawn ? element.closest('svg') : element)
      check(text, `${element.tagName}.${element.getAttribute('class')} ${node.textContent?.slice(0, 30)}`, isDrawn ? style.fill : style.color, background)
    }
  }
  for (const field of document.querySelectorAll('input:not([type=radio], [type=checkbox], [hidden]), select, textarea')) {
    const style = getComputedStyle(field)
    check(edge, `edge of ${field.outerHTML.slice(0, 60)}`, style.borderTopColor, behind(field.parentElement))
    check(text, `placeholder of ${field.outerHTML.slice(0, 60)}`, getComputedStyle(field, '::placeholder').color, behind(field))
  }
  return found
}
