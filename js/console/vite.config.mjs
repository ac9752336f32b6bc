// Builds the page from the sources of this workspace: nothing has to be compiled before. The guest that
// audits replay in is taken from $CONSOLE_GUEST, or from where verifier/copy-guest.mjs puts it.
import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const js = fileURLToPath(new URL('..', import.meta.url))
const source = (path) => resolve(js, path)
const guest = resolve(process.env.CONSOLE_GUEST ?? source('verifier/dist/guest'))

const PACKAGES = {
  'glasshouse-client': 'client/src/index.ts',
  'glasshouse-client/host': 'client/src/host.ts',
  'glasshouse-formats': 'formats/src/index.ts',
  'glasshouse-verifier': 'verifier/src/index.ts',
}

// What policies of witnesses may take, of which this page takes none.
const ML_DSA = '@noble/post-quantum/ml-dsa.js'

// What the packages of the workspace name by their manifests and their built files, in their sources.
function workspace() {
  return {
    name: 'glasshouse-workspace',
    enforce: 'pre',
    resolveId(name, importer = '') {
      if (Object.hasOwn(PACKAGES, name)) {
        return source(PACKAGES[name])
      }
      if (name === '#platform') {
        return source(`${importer.startsWith(source('verifier')) ? 'verifier' : 'client'}/src/platform-browser.ts`)
      }
      if (name === ML_DSA) {
        return `\0${ML_DSA}`
      }
      return name.endsWith('/guest/machine.js') ? resolve(guest, 'machine.js') : null
    },
    load: (id) => (id === `\0${ML_DSA}` ? 'export const ml_dsa44 = undefined' : null),
    // Threads that start each other share their code, and are parts of one build: Vite's own way of finding
    // workers makes a build of each and ends at the circle.
    transform(code, id) {
      if (!id.startsWith(source('verifier/src/platform-browser.ts'))) {
        return null
      }
      const toGuest = relative(dirname(id), guest)
      return code
        .replace(/new URL\('\.\/guest\//g, `new URL('${toGuest.startsWith('.') ? '' : './'}${toGuest}/`)
        .replace(/new URL\('\.\/([a-z-]+)\.js', import\.meta\.url\)/g, (_, name) => {
          const part = this.emitFile({ type: 'chunk', id: source(`verifier/src/${name}.ts`), name })
          return `import.meta.ROLLUP_FILE_URL_${part}`
        })
    },
  }
}

if (!existsSync(resolve(guest, 'quickjs.wasm'))) {
  throw new Error(`there is no guest in ${guest}: npm run build makes it`)
}

export default defineConfig({
  // Wherever the host has it: at its root, or below the name of a module.
  base: './',
  plugins: [workspace()],
  build: {
    target: 'es2022',
    outDir: process.env.CONSOLE_OUT ?? 'dist',
    emptyOutDir: true,
    // The name is this folder's address, which no module can have.
    assetsDir: 'console',
    // Everything is a file of the host: the policy of the page allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
