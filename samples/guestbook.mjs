// A guest book: each entry is one JSON file, signed with the caller's id and the time of the call.
const fs = System.files

export async function sign (text) {
  if (typeof text !== 'string' || text.length === 0 || text.length > 500) {
    throw new RangeError('An entry has from 1 to 500 characters')
  }
  const number = (await pages()).length + 1
  const entry = { by: System.caller.id, at: new Date().toISOString(), text }
  await fs.writeFile(`/entries/${String(number).padStart(6, '0')}.json`, entry, 'json')
  return number
}

export async function read (from = 1, count = 10) {
  const names = (await pages()).slice(from - 1, from - 1 + count)
  return Promise.all(names.map((name) => fs.readFile(`/entries/${name}`, 'json')))
}

async function pages () {
  try {
    return await fs.readdir('/entries')
  } catch (e) {
    if (e.name === 'NotFoundError') return []
    throw e
  }
}
