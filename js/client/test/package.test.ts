import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))

for (const folder of ['formats', 'client']) {
  test(`the package of ${folder} holds what it should`, async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--offline'], {
      cwd: root + folder,
    })
    const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }]
    const sources = await readdir(`${root}${folder}/src`)
    const built = sources.map((source) => `dist/${source.replace(/\.ts$/, '')}`)
    const expected = [
      'LICENSE',
      'README.md',
      'package.json',
      ...built.flatMap((file) => [`${file}.js`, `${file}.d.ts`]),
    ]
    assert.deepEqual(packed.files.map(({ path }) => path).sort(), expected.sort())
  })

  test(`what ${folder} exports is there`, async () => {
    const manifest = JSON.parse(await readFile(`${root}${folder}/package.json`, 'utf8'))
    const targets = Object.values<object>({ ...manifest.exports, ...manifest.imports }).flatMap((each) =>
      Object.values(each),
    )
    for (const target of [...targets, ...Object.values(manifest.bin ?? {})]) {
      assert.ok((await readFile(`${root}${folder}/${target}`)).length > 0, String(target))
    }
  })
}
