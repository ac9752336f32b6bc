import { type AnyClient, type CallReceipt, type Settled, connect } from 'glasshouse-client'
import { parseGuestJson } from 'glasshouse-formats'
import { type Host, store } from './host.js'

/** As whom a call is made: signed, or as a user whom a debug host takes at their word. */
export type CallAs = { readonly kind: 'key' } | { readonly kind: 'user'; readonly user: string }

/** What came of a call. */
export interface Made {
  readonly method: string
  readonly args: readonly string[]
  readonly settled: Settled
  /** Of a signed call that was logged. */
  readonly receipt?: CallReceipt
  readonly millis: number
}

/** An argument as somebody has typed it: the value, or what is wrong with it. */
export type Argument = { readonly value: unknown } | { readonly problem: string; readonly mayBeText: boolean }

/** Reads an argument. JSON, with the tags of formats.md, section 8, for bytes and big integers. */
export function parseArgument(text: string): Argument {
  try {
    return { value: parseGuestJson(text.trim()) }
  } catch {
    return { problem: problemOf(text), mayBeText: text.trim() !== '' && !/^\s*["[{]/.test(text) }
  }
}

function problemOf(text: string): string {
  if (text.trim() === '') {
    return 'This is empty. Write null if you mean nothing.'
  }
  try {
    JSON.parse(text)
    return 'A tag in this value is not in its form.'
  } catch (error) {
    const said = (error as Error).message
    const at = /position (\d+)/.exec(said)?.[1]
    const where = at === undefined ? '' : `, ${placeOf(text, Number(at))}`
    if (/^\s*'/.test(text)) {
      return 'This is not JSON: a text stands in double quotes, "so".'
    }
    if (/^\s*[A-Za-z_]/.test(text)) {
      return 'This is not JSON: a text stands in double quotes.'
    }
    return `This is not JSON${where}: ${said.replace(/ in JSON.*| \(line.*|^JSON\.parse: /g, '')}.`
  }
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  const column = (before.at(-1) as string).length + 1
  return before.length === 1 ? `at character ${column}` : `at line ${before.length}, character ${column}`
}

/** Those who are taken at their word have a connection each. */
const users = new WeakMap<Host, Map<string, Promise<AnyClient>>>()

/** Makes one call in a request of its own. */
export async function makeCall(host: Host, as: CallAs, method: string, args: readonly string[]): Promise<Made> {
  const values = args.map((arg) => parseGuestJson(arg.trim()))
  const begun = performance.now()
  if (as.kind === 'key') {
    const { settled, receipt } = await (host.client as AnyClient).$receipt(method, ...values)
    const millis = performance.now() - begun
    host.update()
    return { method, args, settled, receipt, millis }
  }
  const client = await clientOf(host, as.user)
  const [settled] = await Promise.allSettled([client.$call(method, ...values)])
  return { method, args, settled: settled as Settled, millis: performance.now() - begun }
}

function clientOf(host: Host, user: string): Promise<AnyClient> {
  const clients = users.get(host) ?? new Map<string, Promise<AnyClient>>()
  users.set(host, clients)
  const kept = clients.get(user)
  if (kept !== undefined) {
    return kept
  }
  const made = connect(host.address.toString(), { user: user === '' ? null : user, store, log: host.log })
  clients.set(user, made)
  made.catch(() => clients.delete(user))
  return made
}
