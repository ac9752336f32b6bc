import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Whether there is a browser to test with. */
export const hasBrowser = existsSync(CHROMIUM)

// What a bundler would do: where the packages are, as a browser sees them.
const PLACES: { [specifier: string]: string } = {
  '#platform': '/verifier/dist/platform-browser.js',
  'glasshouse-client/host': '/client/dist/host.js',
  'glasshouse-formats': '/formats/dist/index.js',
  '@noble/ed25519': '/node_modules/@noble/ed25519/index.js',
  '@noble/hashes/crypto': '/node_modules/@noble/hashes/esm/crypto.js',
  '@noble/hashes/sha2': '/node_modules/@noble/hashes/esm/sha2.js',
}
const TYPES: { [ending: string]: string } = { js: 'text/javascript', wasm: 'application/wasm', txt: 'text/plain' }

/**
 * Runs a script as a module of a page in a headless browser: what it gives to `done(…)`, as JSON. It
 * may import from `/verifier/dist/`. The page has a strict policy, as a host's console has.
 */
export async function inBrowser(script: string): Promise<unknown> {
  let done: (result: string) => void = () => undefined
  const result = new Promise<string>((resolve) => {
    done = resolve
  })
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/done') {
      let body = ''
      request.on('data', (part) => (body += part))
      request.on('end', () => done(body))
      response.end()
      return
    }
    void answer(path, script).then(
      ({ type, body }) =>
        response
          .setHeader('content-type', type)
          .setHeader(
            'content-security-policy',
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src *",
          )
          .end(body),
      () => ((response.statusCode = 404), response.end()),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const profile = await mkdtemp(join(tmpdir(), 'glasshouse-browser-'))
  const browser = spawn(CHROMIUM, [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`,
    `http://localhost:${(server.address() as AddressInfo).port}/`,
  ])
  try {
    return JSON.parse(await Promise.race([result, ended(browser)]))
  } finally {
    await stop(browser, server)
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function answer(path: string, script: string): Promise<{ type: string; body: string | Buffer }> {
  if (path === '/') {
    return { type: 'text/html', body: '<!doctype html><script type="module" src="/page.js"></script>' }
  }
  if (path === '/page.js') {
    const say = "const done = (value) => fetch('/done', {method: 'POST', body: JSON.stringify(value)})"
    const failed = '(error) => done({error: String(error), stack: error.stack})'
    return { type: 'text/javascript', body: `${say}\nasync function run() {${script}}\nrun().catch(${failed})` }
  }
  const body = await readFile(join(ROOT, normalize(path)))
  const ending = path.slice(path.lastIndexOf('.') + 1)
  const type = TYPES[ending] ?? 'application/octet-stream'
  return ending === 'js' ? { type, body: rewritten(body.toString()) } : { type, body }
}

function rewritten(source: string): string {
  return source.replace(/(from|import) '([^'./][^']*)'/g, (all, word, specifier) =>
    PLACES[specifier] === undefined ? all : `${word} '${PLACES[specifier]}'`,
  )
}

function ended(browser: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    let said = ''
    browser.stderr?.on('data', (text) => (said += text))
    browser.on('exit', () => reject(new Error(`the browser ended: ${said.slice(-2000)}`)))
    browser.on('error', reject)
  })
}

async function stop(browser: ChildProcess, server: Server): Promise<void> {
  if (browser.exitCode === null && browser.signalCode === null) {
    const exit = new Promise((resolve) => browser.once('exit', resolve))
    browser.kill('SIGKILL')
    await exit
  }
  server.closeAllConnections()
  server.close()
}
