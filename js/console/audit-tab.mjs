// Audits a log in a tab of Chromium as its visitor does, and prints how many milliseconds that took, from the
// button to the verdict:
//   node console/audit-tab.mjs http://HOST:PORT/      (in js, after npm run build)
import { launched, noBrowser } from './build/visit.js'

const url = process.argv[2]
if (url === undefined || noBrowser !== false) {
  console.error(noBrowser || 'usage: node console/audit-tab.mjs http://HOST:PORT/')
  process.exit(2)
}
const browser = await launched()
try {
  const page = await browser.newPage()
  page.setDefaultTimeout(0)
  await page.goto(`${url}#/audit`)
  const button = page.getByRole('button', { name: 'Audit this host' })
  await button.waitFor()
  const begun = performance.now()
  await button.click()
  await page.locator('.verdict').waitFor()
  const millis = performance.now() - begun
  const said = await page.locator('.verdict').innerText()
  if (!said.startsWith('Verified')) {
    throw new Error(said)
  }
  console.log(Math.round(millis))
} finally {
  await browser.close()
}
