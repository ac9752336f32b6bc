#!/usr/bin/env node
// Every link from a page below a folder to a file, or to a heading of one, leads somewhere.
//
// usage: check-links.mjs FOLDER
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const folder = process.argv[2]
if (folder === undefined) {
  console.error('usage: check-links.mjs FOLDER')
  process.exit(2)
}

const SKIPPED = new Set(['node_modules', 'target', 'licences', '.git'])

function pages(below) {
  return readdirSync(below, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return []
    const path = join(below, entry.name)
    if (entry.isDirectory()) return pages(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

const unfenced = (text) => text.replace(/^```[^]*?^```/gm, '')

// As forges name them: no punctuation, spaces become dashes.
function headings(page) {
  const found = unfenced(readFileSync(page, 'utf8')).matchAll(/^#+ +(.*)$/gm)
  const names = [...found].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
  const anchors = readFileSync(page, 'utf8').matchAll(/<a (?:id|name)="([^"]+)"/g)
  return new Set([...names, ...[...anchors].map(([, name]) => name)])
}

let links = 0
const dead = []
for (const page of pages(folder)) {
  for (const [, target, anchor] of unfenced(readFileSync(page, 'utf8')).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)) {
    if (/^[a-z]+:/.test(target)) continue
    links++
    const path = target === '' ? page : join(dirname(page), target)
    const leads =
      existsSync(path) &&
      (anchor === undefined || !statSync(path).isFile() || !path.endsWith('.md') || headings(path).has(anchor))
    if (!leads) dead.push(`${relative(folder, page)}: ${target}${anchor === undefined ? '' : `#${anchor}`}`)
  }
}
if (dead.length > 0 || links === 0) {
  console.error(['Links that lead nowhere:', ...dead].join('\n'))
  process.exit(1)
}
console.log(`All ${links} links between pages lead somewhere.`)
