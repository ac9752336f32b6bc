import { HostAddress } from 'glasshouse-client/host'
import { platform } from '#platform'
import { HttpLogReader } from './http-log-reader.js'
import type { LogReader } from './log-reader.js'

/**
 * Opens what a log is read from: `HOST[:PORT]`, `HOST:PORT/NAME`, a URL, or in Node a directory, which
 * wins over a host of that name.
 *
 * @throws GlasshouseError if it is none of these
 * @throws UnreachableError if it is a directory without a log that can be read
 */
export async function openSource(source: string, signal: AbortSignal | undefined): Promise<LogReader> {
  const directory = isUrl(source) ? undefined : await platform.openDirectory(source)
  return directory ?? new HttpLogReader(source, globalThis.fetch.bind(globalThis), signal)
}

/** What to remember of it under: of a host its address, else what the user wrote, as `glass verify` does. */
export async function placeOf(source: string): Promise<string> {
  const isHost = !isUrl(source) && !(await platform.isDirectory(source))
  return isHost ? HostAddress.parse(source).toString() : source
}

function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source)
}
