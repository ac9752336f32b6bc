// Copies what every guest starts from out of the build of vm into dist/guest: the interpreter and the
// bootstrap script to the byte, for a log pins them by hash, and the engine's half as a module.
import { mkdir, readFile, writeFile } from 'node:fs/promises'

const from = new URL('../../vm/target/classes/dev/glasshouse/vm/sandbox/', import.meta.url)
const to = new URL('dist/guest/', import.meta.url)

async function read(name) {
  try {
    return await readFile(new URL(name, from))
  } catch (error) {
    console.error(`${error.message}: build vm first, with mvn -pl vm -am package`)
    process.exit(1)
  }
}

await mkdir(to, { recursive: true })
await writeFile(new URL('quickjs.wasm', to), await read('quickjs.wasm'))
// Not .js: no bundler may take it for a module of the page.
await writeFile(new URL('bootstrap.txt', to), await read('guest.js'))
const machine = (await read('machine.js')).toString().replace(/^\(function \(wasm, link\)/m, 'export default (function (wasm, link)')
await writeFile(new URL('machine.js', to), machine)
