// The text of one console call: format codes as in the Console Standard, then the other values.
import {
  indexOf, isError, NumberClass, parseFloatOf, parseIntOf, slice, StringClass, stringify,
  symbolToString, toSource
} from './captured.js'
import { bigInt, DEPTH, errorTitle, inspect, isPrimitive, look } from './inspect.js'

const DEEPER = 4

export function textOf (values) {
  let text = ''
  let next = 0
  if (values.length > 1 && typeof values[0] === 'string') {
    const used = formatted(values)
    text = used.text
    next = used.next
  }
  for (let i = next; i < values.length; i++) {
    text += (i === 0 ? '' : ' ') + (typeof values[i] === 'string' ? values[i] : inspect(values[i], DEPTH))
  }
  return text
}

function formatted (values) {
  const format = values[0]
  let next = 1
  let text = ''
  let from = 0
  for (;;) {
    const at = indexOf(format, '%', from)
    if (at < 0 || at === format.length - 1) break
    const code = format[at + 1]
    text += slice(format, from, at)
    from = at + 2
    if (code === '%') {
      text += '%'
    } else if (indexOf('sdifjoOc', code) >= 0 && next < values.length) {
      text += converted(code, values[next++])
    } else {
      text += '%'
      from = at + 1
    }
  }
  return { text: text + slice(format, from), next }
}

function converted (code, value) {
  try {
    switch (code) {
      case 's': return plainText(value)
      case 'd': return typeof value === 'bigint' ? bigInt(value) : number(value, NumberClass)
      case 'i': return typeof value === 'bigint' ? bigInt(value) : number(value, parseIntOf)
      case 'f': return number(value, parseFloatOf)
      case 'j': return StringClass(stringify(value))
      case 'o': return inspect(value, DEEPER)
      case 'O': return inspect(value, DEEPER)
    }
  } catch (e) {
    return code === 'j' ? '[value that is no JSON]' : 'NaN'
  }
  return ''
}

function number (value, convert) {
  if (typeof value === 'symbol') return 'NaN'
  return inspect(convert(value), 0)
}

// A string as it is; an object by its own toString if it has one.
function plainText (value) {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return bigInt(value)
  if (typeof value === 'symbol') return symbolToString(value)
  if (isPrimitive(value)) return inspect(value, 0)
  const toText = look(value, 'toString')
  const own = typeof toText === 'function' && indexOf(toSource(toText), '[native code]') < 0
  if (own) {
    try {
      return StringClass(value)
    } catch (e) {
      return '[object that cannot be shown]'
    }
  }
  return isError(value) ? errorTitle(value) : inspect(value, 0)
}
