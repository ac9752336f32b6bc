import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type AnyClient, connect } from 'glasshouse-client'
import {
  Checkpoint,
  Hash,
  Note,
  NoteKey,
  NoteSignature,
  TreeHead,
  encodeUtf8,
  judgeEvidence,
  parseEvidence,
} from 'glasshouse-formats'
import type { Page } from 'playwright-core'
import { Host } from '../../client/build/host/host.js'
import { Relay } from '../../client/build/host/relay.js'
import { stopAll } from '../../client/build/host/running.js'
import { AlbumPage } from './album-page.js'
import { picture } from './picture.js'
import { Visit, closeBrowser, noBrowser } from './visit.js'

const DUSK = picture(2400, 1200, [24, 32, 58], [201, 120, 84])
const FIELD = picture(120, 90, [120, 168, 190], [86, 122, 70])
const WOOD = picture(120, 90, [60, 92, 66], [120, 96, 70])
const LAKE = picture(160, 90, [150, 190, 205], [22, 70, 92])
const PHONE = { width: 360, height: 740 }

describe('the page of the photo album', { skip: noBrowser, timeout: 240_000 }, () => {
  let host: Host
  let relay: Relay
  let album: AlbumPage
  let client: AnyClient
  let visit: Visit

  before(async () => {
    ;[host, album] = await Promise.all([Host.start('photo-album.js'), AlbumPage.serve()])
    relay = await Relay.before(host.place)
    client = await connect(host.place)
    visit = await Visit.to(album.url(), undefined, [host.place])
  })

  beforeEach(() => {
    relay.pages.clear()
    relay.isWithheld = () => false
  })

  after(async () => {
    await visit?.end()
    await closeBrowser()
    await client?.$close()
    await album?.close()
    await stopAll()
  })

  const tile = (page: Page, name: string) => page.locator(`.tile[data-name="${name}"]`)
  const mark = (page: Page, name: string) => tile(page, name).getByRole('button', { name: /is verified/ })
  const choose = (page: Page, name: string, buffer: Buffer) =>
    page.getByLabel('Photos to add').setInputFiles({ name, mimeType: 'image/png', buffer })

  /** A browser that has never seen the host, at an album behind the relay. */
  async function behindRelay(log = host.log): Promise<Visit> {
    return Visit.to(album.url(relay.place, log), undefined, [relay.place])
  }

  test('shows what it found at a place, and pins it', async () => {
    const { page } = visit
    await page.getByLabel('Where is the album?').fill(host.place)
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByText(host.log).waitFor()
    await page.getByText(host.key.id).waitFor()
    await page.getByRole('link', { name: 'Pin this log and open the album' }).click()
    await page.getByText('No photos yet.').waitFor()
    assert.equal(new URL(page.url()).hash, `#host=${host.place}&log=${host.log}`)
    assert.match((await page.getByRole('region', { name: 'Your key' }).locator('code').textContent()) ?? '', /^ed25519:/)
  })

  test('adds a photo, reduced, and shows it with what was proved', async () => {
    const { page } = visit
    await choose(page, 'dusk.png', DUSK)
    await mark(page, 'dusk.jpg').click()
    const files = await client.$refresh().then(() => client.$files())
    const file = await files.stat('/photos/dusk.jpg')
    assert.ok(typeof file === 'object')
    const panel = page.getByRole('dialog', { name: 'What was proved of dusk.jpg' })
    for (const each of [file.sha256.hex(), files.root.hex(), host.log, host.key.id]) {
      await panel.getByText(each).waitFor()
    }
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    const shown = tile(page, 'dusk.jpg').locator('img')
    const size = await shown.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])
    assert.deepEqual(size, [2048, 1024])
    await page.getByText(/^2048 × 1024, .* reduced from 2400 × 1200$/).waitFor()
    const [receipt] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the receipt' }).click(),
    ])
    assert.equal(receipt.suggestedFilename(), 'dusk.jpg.receipt.tar')
  })

  test('takes photos that are dropped on it, and says what it cannot take', async () => {
    const { page } = visit
    const dropped = await page.evaluateHandle((base64) => {
      const transfer = new DataTransfer()
      const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))
      transfer.items.add(new File([bytes], 'a/field', { type: 'image/png' }))
      transfer.items.add(new File(['no picture'], 'note.txt', { type: 'text/plain' }))
      return transfer
    }, FIELD.toString('base64'))
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: dropped })
    await page.getByText('Drop photos to add them').waitFor()
    await page.dispatchEvent('main', 'drop', { dataTransfer: dropped })
    await mark(page, 'a-field.jpg').waitFor()
    await page.getByText('It is no picture that this browser can read.').waitFor()
    await page.getByRole('button', { name: 'Leave note.txt out' }).click()
  })

  test('takes each name once, says so, and offers another', async () => {
    const { page } = visit
    await choose(page, 'dusk.png', WOOD)
    await page.getByText('The album has a photo “dusk.jpg” already').waitFor()
    assert.equal(await page.getByLabel('Another name for dusk.jpg').inputValue(), 'dusk-2.jpg')
    await page.getByRole('button', { name: 'Add by this name' }).click()
    await mark(page, 'dusk-2.jpg').waitFor()
    assert.equal(await page.locator('.tile img').count(), 3)
  })

  test('shows what others add', async () => {
    const { page } = visit
    const other = await Visit.to(album.url(host.place, host.log), undefined, [host.place])
    await mark(other.page, 'dusk.jpg').waitFor()
    await choose(page, 'shared.jpg', LAKE)
    await mark(other.page, 'shared.jpg').waitFor()
    await other.page.getByText('1 new photo: shared.jpg').waitFor({ state: 'attached' })
    assert.deepEqual(other.problems, [])
    await other.end()
  })

  test('says that a name is taken when only the module knows', async () => {
    const other = await behindRelay()
    await mark(other.page, 'dusk.jpg').waitFor()
    relay.isWithheld = (path) => path === '/checkpoint'
    await other.page.getByText('the host does not answer, trying again').waitFor()
    await client.addPhoto('race.jpg', FIELD)
    await choose(other.page, 'race.jpg', FIELD)
    await other.page.getByText('The album has a photo “race.jpg” already').waitFor()
    relay.isWithheld = () => false
    await mark(other.page, 'race.jpg').waitFor()
    await other.end()
  })

  test('shows no photo whose bytes are not those of the log', async () => {
    const files = await client.$refresh().then(() => client.$files())
    const file = await files.stat('/photos/dusk.jpg')
    const gone = await files.stat('/photos/a-field.jpg')
    assert.ok(typeof file === 'object' && typeof gone === 'object')
    relay.pages.set(`/blob/${file.sha256}`, picture(2048, 1024, [0, 0, 0], [255, 0, 0]))
    relay.isWithheld = (path) => path === `/blob/${gone.sha256}`
    const other = await behindRelay()
    const { page } = other
    await tile(page, 'dusk.jpg').getByText('The host gave other bytes than its log has.').waitFor()
    await page.getByRole('alert').getByText('1 photo not shown').waitFor()
    await mark(page, 'shared.jpg').waitFor()
    assert.equal(await tile(page, 'dusk.jpg').locator('img').count(), 0)
    assert.equal(await mark(page, 'dusk.jpg').count(), 0)
    await tile(page, 'a-field.jpg').getByText('The host does not give this photo.').waitFor()
    relay.isWithheld = () => false
    await page.getByRole('button', { name: 'Ask for a-field.jpg again' }).click()
    await mark(page, 'a-field.jpg').waitFor()
    assert.deepEqual(other.problems, [])
    await other.end()
  })

  test('refuses another log than the pinned one', async () => {
    const pinned = '0'.repeat(64)
    const other = await behindRelay(pinned)
    const { page } = other
    await page.getByText('This is not the album that was pinned. Nothing of it is shown.').waitFor()
    await page.getByText(pinned).waitFor()
    await page.getByText(host.log).waitFor()
    assert.equal(await page.locator('.tile').count(), 0)
    await other.end()
  })

  test('stops at a forked log, and gives out the evidence', async () => {
    const other = await behindRelay()
    const { page } = other
    await mark(page, 'dusk.jpg').waitFor()
    const { origin, checkpoint } = client.$info()
    const size = BigInt(checkpoint.split('\n')[1] as string)
    const text = new Checkpoint(origin, new TreeHead(size, Hash.ofText('another history'))).text()
    const { id } = new NoteKey(origin, host.key.publicKey)
    const signature = new NoteSignature(origin, id, await host.key.sign(encodeUtf8(text)))
    relay.pages.set('/checkpoint', encodeUtf8(new Note(text, [signature]).format()))
    await page.getByText('This host has been caught. Do not rely on it.').waitFor()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the evidence' }).click(),
    ])
    const evidence = parseEvidence(new Uint8Array(await readFile(await saved.path())))
    assert.equal(judgeEvidence(evidence).proved, true)
    assert.equal(await page.getByRole('button', { name: 'Add photos' }).isDisabled(), true)
    await other.end()
  })

  test('is used with the keyboard, has a name for everything, and fits on a phone', async () => {
    const other = await Visit.to(album.url(host.place, host.log), PHONE, [host.place])
    const { page } = other
    await mark(page, 'dusk.jpg').waitFor()
    const open = page.getByRole('button', { name: 'Open dusk.jpg' })
    await open.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'dusk.jpg' }).getByRole('img', { name: 'dusk.jpg' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('dialog', { name: 'race.jpg' }).getByRole('img', { name: 'race.jpg' }).waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await open.evaluate((button) => button === document.activeElement), true)
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width)
    assert.deepEqual(await other.nameless(), [])
    for (const landmark of ['banner', 'main', 'contentinfo'] as const) {
      assert.equal(await page.getByRole(landmark).count(), 1, landmark)
    }
    assert.deepEqual(other.problems, [])
    await other.end()
  })

  test('has broken no rule on the way: policy, origins, errors', () => {
    assert.deepEqual(visit.problems, [])
  })
})
