import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core'

/** Debian's, or the one that `$CHROMIUM` names: none is downloaded. */
const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const EXECUTABLE = PLACES.find((place) => place !== undefined && existsSync(place))

/** Why tests in a browser are skipped; false if they are not. */
export const noBrowser: string | false =
  EXECUTABLE === undefined ? 'there is no Chromium here: install it, or name it in $CHROMIUM' : false

const DESK = { width: 1100, height: 800 }

let browser: Promise<Browser> | undefined

/** Chromium, started once for all tests of a file. */
export function launched(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: EXECUTABLE as string,
    // Chromium has no sandbox for root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  return browser
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
}

/** Somebody with a browser of their own who looks at a page. */
export class Visit {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    /** What a page must not do: break its policy, ask anybody but its own host, throw. */
    readonly problems: string[],
  ) {}

  /** @param others hosts that the page may ask besides its own: HOST:PORT */
  static async to(url: string, size = DESK, others: readonly string[] = []): Promise<Visit> {
    const context = await (await launched()).newContext({ viewport: size })
    const page = await context.newPage()
    const problems: string[] = []
    const known = [new URL(url).host, ...others]
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
      })
    })
    page.on('console', (message) => {
      // A host that is away, or lists its modules, makes the browser itself say so.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
        problems.push(message.text())
      }
    })
    page.on('pageerror', (error) => problems.push(String(error.stack)))
    page.on('request', (request) => {
      const asked = new URL(request.url())
      if (asked.protocol !== 'blob:' && !known.includes(asked.host)) {
        problems.push(`asks ${request.url()}`)
      }
    })
    page.on('websocket', (socket) => {
      if (!known.includes(new URL(socket.url()).host)) {
        problems.push(`calls ${socket.url()}`)
      }
    })
    page.setDefaultTimeout(20_000)
    await page.goto(url)
    return new Visit(page, context, problems)
  }

  /** Goes to a view by its link. */
  async view(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click()
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
  }

  /** What can be operated and has no name that a screen reader could say. */
  async nameless(): Promise<string[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, a, input:not([hidden]), select, textarea')]
        .filter((each) => {
          const labels = 'labels' in each ? [...((each.labels as NodeListOf<HTMLElement> | null) ?? [])] : []
          const texts = [each.textContent, each.ariaLabel, ...labels.map((label) => label.textContent)]
          return texts.every((text) => (text ?? '').trim() === '')
        })
        .map((each) => each.outerHTML),
    )
  }

  async end(): Promise<void> {
    await this.context.close()
  }
}
