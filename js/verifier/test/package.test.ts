import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../', import.meta.url))
const built = new URL('../../../vm/target/classes/dev/glasshouse/vm/sandbox/', import.meta.url)

test('the package holds what it should', async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: root })
  const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  const sources = (await readdir(`${root}src`, { recursive: true })).filter((each) => /(?<!\.d)\.ts$/.test(each))
  const modules = sources.map((source) => `dist/${source.replace(/\.ts$/, '')}`)
  const expected = [
    ...['LICENSE', 'README.md', 'package.json'],
    ...['machine.js', 'quickjs.wasm', 'bootstrap.txt'].map((each) => `dist/guest/${each}`),
    ...modules.flatMap((file) => [`${file}.js`, `${file}.d.ts`]),
  ]
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), expected.sort())
})

test('what it exports is there', async () => {
  const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8'))
  const targets = Object.values<object>({ ...manifest.exports, ...manifest.imports }).flatMap((each) => Object.values(each))
  for (const target of [...targets, ...Object.values(manifest.bin), ...manifest.sideEffects]) {
    assert.ok((await readFile(`${root}${target}`)).length > 0, String(target))
  }
})

test('its guest starts from the files of the Java build', async () => {
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  for (const [ours, theirs] of [
    ['quickjs.wasm', 'quickjs.wasm'],
    ['bootstrap.txt', 'guest.js'],
  ] as const) {
    const [copied, original] = await Promise.all([readFile(`${root}dist/guest/${ours}`), readFile(new URL(theirs, built))])
    assert.equal(digest(copied), digest(original), `${ours}: npm run build`)
  }
})

// All that a page loads: nothing there may import anything of Node.
test('what a browser loads imports nothing of Node', async () => {
  const seen = new Set<string>()
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) {
      return
    }
    seen.add(file)
    const source = await readFile(`${root}dist/${file}`, 'utf8')
    for (const [, specifier = ''] of source.matchAll(/(?:from|import) '([^']+)'/g)) {
      const name = specifier === '#platform' ? './platform-browser.js' : specifier
      assert.ok(!name.startsWith('node:') && name !== 'glasshouse-client/node', `${file} imports ${name}`)
      if (name.startsWith('.')) {
        await visit(new URL(name, `file:///${file}`).pathname.slice(1))
      }
    }
  }
  for (const entry of ['index.js', 'worker.js', 'replay-worker.js', 'signature-worker.js']) {
    await visit(entry)
  }
  assert.ok(seen.has('replay/sandbox.js') && !seen.has('platform-node.js'))
})
