// Pictures of the photo album's page, on a desk and on a phone, light and dark, of an honest host and of a liar:
//   node console/album-screenshots.mjs DIRECTORY      (in js, after npm run build)
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'glasshouse-client'
import { Host } from '../client/build/host/host.js'
import { Relay } from '../client/build/host/relay.js'
import { AlbumPage } from './build/album-page.js'
import { picture } from './build/picture.js'
import { launched, noBrowser } from './build/visit.js'

const SIZES = { desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }
const PHOTOS = {
  'above the fog.jpg': picture(640, 480, [206, 214, 222], [66, 88, 104]),
  'dusk.jpg': picture(720, 480, [24, 32, 58], [201, 120, 84]),
  'field.jpg': picture(640, 480, [120, 168, 190], [86, 122, 70]),
  'IMG_20261120_181503_first_snow.jpg': picture(480, 640, [232, 236, 240], [150, 164, 178]),
  'lake.jpg': picture(800, 400, [150, 190, 205], [22, 70, 92]),
  'orchard.jpg': picture(640, 480, [196, 206, 150], [120, 70, 40]),
  'tower.jpg': picture(360, 640, [70, 110, 160], [216, 190, 150]),
}
const directory = process.argv[2]
if (directory === undefined || noBrowser !== false) {
  console.error(noBrowser || 'usage: node console/album-screenshots.mjs DIRECTORY')
  process.exit(2)
}
await mkdir(directory, { recursive: true })

const host = await Host.start('photo-album.js')
const empty = await Host.start('photo-album.js')
const relay = await Relay.before(host.place)
const album = await AlbumPage.serve()
try {
  await fill()
  const views = {
    ask: [album.url()],
    unpinned: [album.url(host.place)],
    empty: [album.url(empty.place, empty.log)],
    photos: [album.url(host.place, host.log)],
    proof: [album.url(host.place, host.log), (page) => page.getByRole('button', { name: /^lake.jpg is verified/ }).click()],
    viewer: [album.url(host.place, host.log), (page) => page.getByRole('button', { name: 'Open dusk.jpg' }).click()],
    adding: [album.url(host.place, host.log), adding],
    liar: [album.url(relay.place, host.log)],
    refused: [album.url(host.place, empty.log)],
    away: [album.url('localhost:9', host.log)],
  }
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const [name, [url, act]] of Object.entries(views)) {
        const context = await (await launched()).newContext({ viewport, colorScheme })
        const page = await context.newPage()
        await page.goto(url)
        await page.waitForTimeout(900)
        await act?.(page)
        await page.waitForTimeout(600)
        const fullPage = !['proof', 'viewer'].includes(name)
        await page.screenshot({ path: join(directory, `album-${name}-${size}-${colorScheme}.png`), fullPage })
        await context.close()
      }
    }
  }
} finally {
  await (await launched()).close()
  await album.close()
  await Promise.all([host.stop(), empty.stop(), relay.stop()])
}

// The relay alters one photo, and has lost another.
async function fill() {
  const client = await connect(host.place)
  for (const [name, bytes] of Object.entries(PHOTOS)) {
    await client.addPhoto(name, bytes)
  }
  const photos = await (await client.$files()).list('/photos')
  relay.pages.set(`/blob/${photos.get('lake.jpg').sha256}`, PHOTOS['orchard.jpg'])
  relay.isWithheld = (path) => path === `/blob/${photos.get('field.jpg').sha256}`
  await client.$close()
}

// A name that is taken, a file that is no picture, and one that the host takes its time over.
async function adding(page) {
  const input = page.getByLabel('Photos to add')
  await input.setInputFiles([
    { name: 'dusk.jpg', mimeType: 'image/png', buffer: PHOTOS['field.jpg'] },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
  ])
  await page.getByText('no picture that this browser').waitFor()
  await input.setInputFiles([
    { name: `walk ${Date.now()}.png`, mimeType: 'image/png', buffer: picture(2600, 1300, [90, 120, 90], [200, 190, 160]) },
  ])
  await page.getByRole('button', { name: 'Save the receipt' }).waitFor()
}
