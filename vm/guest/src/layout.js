// How the entries of an object or array are laid out: on one line if they fit.
import { bareArray, indexOf, slice } from './captured.js'

const LINE = 76
const SHORT = 16 // characters of an array's element that shares its line with others

export function braced (title, entries) {
  if (entries.length === 0) return title + '{}'
  return title + wrapped('{', entries, '}')
}

export function bracketed (title, entries) {
  if (entries.length === 0) return title + '[]'
  const short = entries.length > 6 && everyShort(entries)
  return title + wrapped('[', short ? filled(entries) : entries, ']')
}

function everyShort (entries) {
  for (let i = 0; i < entries.length - 1; i++) {
    if (entries[i].length > SHORT || indexOf(entries[i], '\n') >= 0) return false
  }
  return true
}

// Several elements to a line.
function filled (entries) {
  const lines = bareArray()
  let line = ''
  for (let i = 0; i < entries.length; i++) {
    const longer = line === '' ? entries[i] : line + ', ' + entries[i]
    if (line !== '' && longer.length > LINE) {
      lines[lines.length] = line
      line = entries[i]
    } else {
      line = longer
    }
  }
  lines[lines.length] = line
  return lines
}

// On one line if it fits, else an entry to a line.
function wrapped (open, entries, close) {
  let line = ''
  for (let i = 0; i < entries.length; i++) line += (i === 0 ? ' ' : ', ') + entries[i]
  if (line.length + 4 <= LINE && indexOf(line, '\n') < 0) return open + line + ' ' + close
  let lines = open
  for (let i = 0; i < entries.length; i++) {
    lines += '\n' + indented(entries[i], '  ') + (i < entries.length - 1 ? ',' : '')
  }
  return lines + '\n' + close
}

export function indented (text, by) {
  if (indexOf(text, '\n') < 0) return by + text
  let result = ''
  let from = 0
  for (;;) {
    const end = indexOf(text, '\n', from)
    if (end < 0) return result + by + slice(text, from)
    result += by + slice(text, from, end + 1)
    from = end + 1
  }
}
