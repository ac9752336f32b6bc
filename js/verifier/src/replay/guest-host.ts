import { MAX_INPUTS, fromHex, MAX_INTEGER } from 'glasshouse-formats'
import type { Archive } from '../archive/archive.js'
import { InputMismatchError } from '../errors.js'
import { answerFileCall } from './file-calls.js'
import type { InputTape } from './input-tape.js'
import type { ModuleFiles } from './module-files.js'
import { NONE, bytesReply, errorReply, textReply } from './replies.js'
import { type HostCalls, type HostReply, OP, guestText } from './sandbox.js'

// Bytes of entropy that one question may ask for, as Web Crypto has it.
const MAX_ENTROPY = 65_536

/** The host functions during the replay of one entry. */
export class GuestHost implements HostCalls {
  constructor(
    private readonly archive: Archive,
    private readonly files: ModuleFiles,
    private readonly tape: InputTape,
  ) {}

  answer(op: number, text: string, body: Uint8Array): HostReply {
    switch (op) {
      case OP.file:
        return answerFileCall(this.archive, text, body)
      case OP.entropy:
        return this.entropy(text)
      case OP.log:
        return NONE
      case OP.oracle:
        return this.tape.isFull ? tooManyInputs() : textReply(this.tape.next('oracle', text))
      case OP.fetch:
        return outsideOnly('fetch')
      case OP.resolve:
        return this.files.resolve(text, guestText(body))
      case OP.source:
        return body.length === 0 ? this.files.required(text) : this.files.imported(text)
      case OP.call:
        return outsideOnly('calling another module')
      default:
        throw new Error(`the guest asked for host function ${op}, which does not exist`)
    }
  }

  /** Whether the entry can hold no more inputs. */
  get isFull(): boolean {
    return this.tape.isFull
  }

  /** Lets a call wait for a timer; the time then, not before it is due. */
  waitUntil(due: number): number {
    const answer = this.tape.next('timer', `timer ${due}`)
    if (!/^(0|[1-9][0-9]{0,14})$/.test(answer)) {
      throw new InputMismatchError(`a timer input is not a time: ${answer}`)
    }
    const time = Number(answer)
    if (time < due || time > MAX_INTEGER) {
      throw new InputMismatchError(`a timer input gives the time ${answer}, the timer is due at ${due}`)
    }
    return time
  }

  private entropy(asked: string): HostReply {
    const count = Number(asked)
    if (count < 1 || count > MAX_ENTROPY) {
      return errorReply(
        'QuotaExceededError',
        `at most ${MAX_ENTROPY} random bytes can be asked for at once`,
      )
    }
    if (this.tape.isFull) {
      return tooManyInputs()
    }
    const hex = this.tape.next('entropy', `entropy ${count}`)
    if (hex.length !== 2 * count || !/^[0-9a-f]*$/.test(hex)) {
      throw new InputMismatchError(`an entropy input is not ${2 * count} hex digits`)
    }
    return bytesReply(fromHex(hex))
  }
}

function outsideOnly(what: string): HostReply {
  return errorReply('OutsideError', `${what} is not available here`)
}

function tooManyInputs(): HostReply {
  return errorReply(
    'RangeError',
    `more than ${MAX_INPUTS} oracle answers, random seeds and waits in one request`,
  )
}
