import { utf8Length } from 'glasshouse-formats'

/** What a name in the archive may have, in bytes of UTF-8. */
const MAX_NAME = 255

/** The name for a JPEG, of one that a person or a camera gave: what cannot be in a name is replaced. */
export function nameFor(given: string): string {
  const plain = given
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f/\\]+/g, '-')
    .trim()
    .replace(/^\.+/, '')
  const ending = /\.jpe?g$/i.exec(plain)?.[0] ?? '.jpg'
  return shortened(plain.replace(/\.[^.]*$/, '') || 'photo', ending)
}

/** The first of `name-2`, `name-3` and so on that is free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  const [, stem = '', number, ending = ''] = /^(.*?)(?:-(\d{1,6}))?(\.[^.]*)?$/.exec(name) ?? []
  for (let next = Number(number ?? 1) + 1; ; next++) {
    const free = shortened(stem, `-${next}${ending}`)
    if (!isTaken(free)) {
      return free
    }
  }
}

function shortened(stem: string, ending: string): string {
  let characters = [...stem]
  while (utf8Length(characters.join('') + ending) > MAX_NAME) {
    characters = characters.slice(0, -1)
  }
  return characters.join('') + ending
}
