// Builds the page from its sources and those of the packages in js, with what `npm ci` has installed there:
// nothing has to be compiled before.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const js = fileURLToPath(new URL('../../js', import.meta.url))
const source = (path) => resolve(js, path)

const PACKAGES = {
  '#platform': 'client/src/platform-browser.ts',
  'glasshouse-client': 'client/src/index.ts',
  'glasshouse-client/host': 'client/src/host.ts',
  'glasshouse-formats': 'formats/src/index.ts',
}

// It talks to the host that its reader names, shows what was verified, and loads nothing from anywhere else.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  'connect-src http: https: ws: wss:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const workspace = {
  name: 'glasshouse-workspace',
  enforce: 'pre',
  resolveId(name) {
    if (Object.hasOwn(PACKAGES, name)) {
      return source(PACKAGES[name])
    }
    return name.startsWith('preact') ? this.resolve(name, source('console/src/main.tsx'), { skipSelf: true }) : null
  },
}

// Only in what is built: the server for development adds scripts and styles of its own.
const policy = {
  name: 'glasshouse-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
}

// Keys are kept by origin: at another port the reader would be somebody else.
const own = { port: 5580, strictPort: true }

export default {
  base: './',
  plugins: [workspace, policy],
  server: { ...own, fs: { allow: [resolve(js, '..')] } },
  preview: own,
  build: {
    target: 'es2022',
    outDir: process.env.ALBUM_OUT ?? 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}
