// How an error is told to the host: its name and message, and nothing that depends on where it was made.
import { ErrorClass, slice, StringClass, stringify, toWellFormed } from './captured.js'
import { format } from './values.js'

export const MESSAGE_LIMIT = 4096

function describe (error) {
  let name = 'Error'
  let message
  try {
    if (error instanceof ErrorClass) {
      name = StringClass(error.name)
      message = StringClass(error.message)
    } else {
      message = typeof error === 'object' && error !== null ? format(error) : StringClass(error)
    }
  } catch (e) {
    message = 'an error that cannot be shown'
  }
  return [toWellFormed(slice(name, 0, 256)), toWellFormed(slice(message, 0, MESSAGE_LIMIT))]
}

export function failure (error) {
  const found = describe(error)
  return 'e[' + stringify(found[0]) + ',' + stringify(found[1]) + ']'
}

// While a module loads, its author also wants to know where: the stack follows on the next lines.
export function failureWithStack (error) {
  let stack = ''
  try {
    if (error instanceof ErrorClass) stack = toWellFormed(StringClass(error.stack))
  } catch (e) {
    stack = ''
  }
  return failure(error) + '\n' + stack
}
