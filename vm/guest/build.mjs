// Bundles src/ to guest.js: one expression, whose value is the function (host) → dispatch that an engine
// calls once. The same sources and the same lock file give the same bytes on every machine, because the
// genesis entry of every log pins them.
import { build } from 'esbuild'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const common = {
  absWorkingDir: here,
  bundle: true,
  write: false,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2023',
  legalComments: 'none',
  logLevel: 'warning'
}

// whatwg-url without the tables that the guest has no use for.
const standIns = {
  tr46: './src/libraries/tr46.js',
  '@exodus/bytes/whatwg.js': './src/libraries/percent.js',
  '@exodus/bytes/encoding.js': './src/libraries/encoding.js'
}

// A library as source text: an expression whose value is a function that gives its exports.
async function libraryText (entry) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry],
    format: 'iife',
    globalName: 'library',
    charset: 'ascii', // one byte a character in the guest's heap
    minify: true,
    keepNames: true,
    alias: standIns
  })
  return `(function (TextEncoder, TextDecoder) {${outputFiles[0].text}return library})`
}

const texts = []
const libraries = {
  name: 'library',
  setup (bundle) {
    bundle.onResolve({ filter: /^library:/ }, ({ path }) =>
      ({ path: path.slice('library:'.length), namespace: 'library' }))
    bundle.onLoad({ filter: /.*/, namespace: 'library' }, async ({ path }) => {
      const name = path.replace(/^.*\/|\.js$/g, '')
      texts.push([name, await libraryText(join('src', path))])
      return { contents: `export default libraries.${name}`, loader: 'js' }
    })
  }
}

const { outputFiles } = await build({
  ...common,
  entryPoints: ['src/main.js'],
  format: 'esm',
  charset: 'utf8',
  plugins: [libraries]
})

// The interpreter keeps the source of every function; the libraries' texts are handed in from outside, so
// that they are no part of one.
const given = texts.sort().map(([name, text]) => `  ${name}: ${JSON.stringify(text)}`).join(',\n')
writeFileSync(join(here, 'guest.js'), `((libraries) => function (host) {
'use strict'
let dispatch
${outputFiles[0].text}return dispatch
})({
${given}
})
`)
