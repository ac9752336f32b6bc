import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { type IncomingMessage, type Server, type ServerResponse, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { createGzip } from 'node:zlib'
import { connect } from 'glasshouse-client'
import { type Audit, type AuditOptions, audit } from 'glasshouse-verifier'
import { Host, folder } from '../../../client/build/host/host.js'
import { stopAll } from '../../../client/build/host/running.js'

type Lie = (request: IncomingMessage, response: ServerResponse, path: string) => boolean

let host: Host
let front: Server
// What answers in the host's place; gives false for what the host may answer itself.
let lie: Lie = () => false

before(async () => {
  host = await Host.start('persistent-counter.js', '--image-entries', '10')
  const client = await connect(host.place)
  for (let i = 0; i < 40; i++) {
    await client.increment()
  }
  await client.$close()
  front = createServer((request, response) => {
    const path = request.url ?? '/'
    if (!lie(request, response, path)) {
      get(`http://${host.place}${path}`, { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
    }
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
})

after(async () => {
  front.closeAllConnections()
  front.close()
  await stopAll()
})

async function audited(how: Lie, options: AuditOptions = {}): Promise<Audit> {
  lie = how
  return audit(`127.0.0.1:${(front.address() as AddressInfo).port}`, options)
}

const at =
  (wanted: RegExp, answer: (response: ServerResponse) => void): Lie =>
  (_, response, path) => {
    const isWanted = wanted.test(path)
    if (isWanted) {
      answer(response)
    }
    return isWanted
  }

function endless(response: ServerResponse): void {
  const part = Buffer.alloc(65_536, 'x')
  const more = (): void => {
    while (!response.destroyed && response.write(part)) {
      // Until the reader has had enough.
    }
  }
  response.on('drain', more)
  more()
}

test('without a lie there is no finding', async () => {
  assert.equal((await audited(() => false)).verdict, 'verified')
})

for (const path of [/^\/checkpoint/, /^\/tile\/entries/, /^\/tile\/0/, /^\/blob/, /^\/files\/$/]) {
  test(`an answer without an end at ${path} is cut`, async () => {
    const found = await audited(at(path, endless))
    assert.ok(found.exitCode === 1 || found.exitCode === 3, JSON.stringify(found.report))
    assert.match(JSON.stringify(found.report), /answers more than [0-9]+ bytes/)
  })
}

test('what inflates without an end is cut', async () => {
  const found = await audited(
    at(/^\/tile\/entries/, (response) => {
      response.setHeader('content-encoding', 'gzip')
      const gzip = createGzip()
      gzip.pipe(response)
      const zeros = Buffer.alloc(1 << 20)
      const more = (): void => {
        while (!response.destroyed && gzip.write(zeros)) {
          // Until the reader has had enough.
        }
      }
      gzip.on('drain', more)
      response.on('close', () => gzip.destroy())
      more()
    }),
  )
  assert.match(JSON.stringify(found.report), /answers more than 16777[0-9]+ bytes/)
})

test('damaged gzip is no log', async () => {
  const found = await audited(
    at(/^\/tile\/entries/, (response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end('no gzip')
    }),
  )
  assert.equal(found.verdict, 'undecided')
})

test('a redirect is not followed', async () => {
  const found = await audited(at(/^\/checkpoint/, (response) => response.writeHead(302, { location: '/' }).end()))
  assert.match(found.report.obstacle ?? '', /status 302/)
})

test('what is withheld is named, and hides nothing', async () => {
  const found = await audited(at(/^\/tile\/entries/, (response) => response.writeHead(404).end()))
  assert.deepEqual([found.verdict, found.exitCode], ['undecided', 3])
  assert.match(found.report.obstacle ?? '', /does not have \/tile\/entries\/000/)
  const tiles = await audited(at(/^\/tile\/0/, (response) => response.writeHead(404).end()))
  assert.equal(tiles.verdict, 'undecided')
  assert.ok(tiles.report.checked.calls === 40)
})

test('pages that are withheld or others lead to a replay from genesis', async () => {
  for (const answer of [
    (response: ServerResponse) => response.writeHead(404).end(),
    (response: ServerResponse) => response.end(Buffer.alloc(65_536)),
  ]) {
    const found = await audited(at(/^\/page/, answer), { from: 'image' })
    assert.equal(found.verdict, 'verified', JSON.stringify(found.report))
    assert.equal(found.report.segment, null)
    assert.equal(found.report.checked.calls, 40)
  }
})

test('another answer than before is found', async () => {
  let asked = 0
  const found = await audited(
    (_, response, path) => {
      // Rules are kept by the first answer, the replay is of the second.
      if (!path.startsWith('/tile/entries') || ++asked < 3) {
        return false
      }
      get(`http://${host.place}${path}`, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part) => parts.push(part))
        answer.on('end', () => {
          const bytes = Buffer.concat(parts)
          bytes[bytes.length - 10] = (bytes[bytes.length - 10] as number) ^ 1
          response.end(bytes)
        })
      })
      return true
    },
    { from: 'image' },
  )
  assert.deepEqual([found.verdict, found.report.divergence?.kind], ['divergence', 'CHANGED'])
})

test('a fork is proved, and a rollback is found, by who has seen more', async () => {
  const copy = await folder()
  const seen = await audited(() => false)
  await host.kill()
  const { cp } = await import('node:fs/promises')
  await cp(`${host.home}/log`, `${copy}/log`, { recursive: true })
  host = await host.again()
  const client = await connect(host.place)
  await client.increment()
  await client.$close()
  const newer = await audited(() => false, { start: seen.verified as NonNullable<Audit['verified']> })
  assert.equal(newer.verdict, 'verified', JSON.stringify(newer.report))
  await host.kill()
  await rm(`${host.home}/log`, { recursive: true })
  await cp(`${copy}/log`, `${host.home}/log`, { recursive: true })
  host = await host.again()
  const start = newer.verified as NonNullable<Audit['verified']>
  const kept = newer.report.checkpoint as string
  const back = await audited(() => false, { kept })
  assert.deepEqual([back.verdict, back.report.divergence?.kind], ['divergence', 'ROLLBACK'])
  assert.ok(back.evidence)
  const again = await connect(host.place)
  for (let i = 0; i < 4; i++) {
    await again.increment()
  }
  await again.$close()
  for (const known of [{ kept }, { start }, { start, from: 'genesis' as const }]) {
    const fork = await audited(() => false, known)
    assert.deepEqual([fork.verdict, fork.exitCode, fork.report.divergence?.kind], ['misbehaviour', 4, 'FORK'])
    await writeAndJudge(fork.evidence as string)
  }
  await rm(copy, { recursive: true })
})

async function writeAndJudge(evidence: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises')
  const { glass } = await import('../../../client/build/host/host.js')
  const at = await folder()
  await writeFile(`${at}/fork.json`, evidence)
  const { code, said } = await glass('verify', '--evidence', `${at}/fork.json`)
  assert.equal(code, 4, said)
  assert.match(said, /^PROVED/)
  assert.equal(await readFile(`${at}/fork.json`, 'utf8'), evidence)
  await rm(at, { recursive: true })
}
