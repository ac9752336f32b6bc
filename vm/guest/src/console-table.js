// console.table: rows and columns of an array, an object, a Map or a Set.
import {
  bareArray, create, getOwnPropertyDescriptor, hasOwn, indexOf, isArray, keys, mapEntries, mapNext, mapSize,
  max, repeat, setNext, setSize, setValues, slice, StringClass
} from './captured.js'
import { inspect, isPrimitive } from './inspect.js'

const ROWS = 100
const COLUMNS = 20
const CELL = 40

// Null for what is no table.
export function table (value, chosen) {
  if (isPrimitive(value)) return null
  const rows = rowsOf(value)
  const columns = create(null)
  const names = bareArray()
  if (chosen !== undefined && isArray(chosen)) {
    for (let i = 0; i < chosen.length && i < COLUMNS; i++) column(StringClass(chosen[i]), columns, names)
  }
  let anyValue = false
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (isPrimitive(row.value)) {
      anyValue = true
      continue
    }
    const own = keys(row.value)
    for (let k = 0; chosen === undefined && k < own.length && names.length < COLUMNS; k++) {
      column(own[k], columns, names)
    }
  }
  return drawn(rows, names, anyValue)
}

function column (name, columns, names) {
  if (columns[name]) return
  columns[name] = true
  names[names.length] = name
}

function rowsOf (value) {
  const rows = bareArray()
  const count = sizeOf(value)
  if (count !== null) {
    const isMap = count.isMap
    const each = isMap ? mapEntries(value) : setValues(value)
    for (let i = 0; i < count.size && i < ROWS; i++) {
      const found = isMap ? mapNext(each).value : setNext(each).value
      rows[i] = isMap ? { index: cell(found[0]), value: found[1] } : { index: StringClass(i), value: found }
    }
    return rows
  }
  const own = keys(value)
  for (let i = 0; i < own.length && i < ROWS; i++) {
    rows[i] = { index: slice(own[i], 0, CELL), value: held(value, own[i]) }
  }
  return rows
}

function sizeOf (value) {
  try {
    return { size: mapSize(value), isMap: true }
  } catch (e) {
    try {
      return { size: setSize(value), isMap: false }
    } catch (e) {
      return null
    }
  }
}

// A property's value; undefined for a getter.
function held (value, name) {
  const found = getOwnPropertyDescriptor(value, name)
  return found !== undefined && hasOwn(found, 'value') ? found.value : undefined
}

function cell (value) {
  const text = inspect(value, 0)
  return indexOf(text, '\n') < 0 ? slice(text, 0, CELL) : '…'
}

function drawn (rows, names, anyValue) {
  const columns = bareArray()
  const add = (title, of) => {
    const cells = bareArray()
    let width = title.length
    for (let i = 0; i < rows.length; i++) {
      cells[i] = of(rows[i])
      width = max(width, cells[i].length)
    }
    columns[columns.length] = { title, cells, width }
  }
  add('(index)', (row) => row.index)
  for (let n = 0; n < names.length; n++) {
    add(slice(names[n], 0, CELL), (row) =>
      !isPrimitive(row.value) && hasOwn(row.value, names[n]) ? cell(held(row.value, names[n])) : '')
  }
  if (anyValue) add('Values', (row) => isPrimitive(row.value) ? cell(row.value) : '')
  let text = rule('┌', '┬', '┐', columns)
  text += '\n' + line(columns, (c) => c.title)
  text += '\n' + rule('├', '┼', '┤', columns)
  for (let i = 0; i < rows.length; i++) text += '\n' + line(columns, (c) => c.cells[i])
  return text + '\n' + rule('└', '┴', '┘', columns)
}

function rule (left, middle, right, columns) {
  let text = left
  for (let i = 0; i < columns.length; i++) {
    text += (i === 0 ? '' : middle) + repeat('─', columns[i].width + 2)
  }
  return text + right
}

function line (columns, of) {
  let text = ''
  for (let i = 0; i < columns.length; i++) {
    const shown = of(columns[i])
    text += '│ ' + shown + repeat(' ', columns[i].width - shown.length) + ' '
  }
  return text + '│'
}
