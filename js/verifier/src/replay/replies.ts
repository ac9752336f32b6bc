import { type HostReply, REPLY } from './sandbox.js'

const encoder = new TextEncoder()

export const NONE: HostReply = { kind: REPLY.none, content: new Uint8Array() }

/** A string. */
export function textReply(text: string): HostReply {
  return { kind: REPLY.text, content: encoder.encode(text) }
}

export function bytesReply(content: Uint8Array): HostReply {
  return { kind: REPLY.bytes, content }
}

/** An error that the guest throws. */
export function errorReply(name: string, message: string): HostReply {
  return { kind: REPLY.error, content: encoder.encode(`${name}\n${message}`) }
}
