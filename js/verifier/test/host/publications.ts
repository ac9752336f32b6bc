import { readFile, readdir } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditOptions, Level, Report, Verified } from 'glasshouse-verifier'
import { parseVerified } from 'glasshouse-verifier'

/** What one audit of the Java tests read, knew and came to (`Publications` in the verifier's tests). */
export interface Publication {
  readonly name: string
  /** Path to the SHA-256 of the answer; null is "not found". */
  readonly answers: { readonly [path: string]: string | null }
  readonly report: Report
  /** What the auditor knew. */
  readonly known: Pick<AuditOptions, 'log' | 'kept' | 'start' | 'files' | 'cosigned' | 'policy' | 'maxAgeMillis'>
  readonly level: Level
  /** What the auditor's clock showed, in seconds; undefined if nobody looked. */
  readonly now: number | undefined
  /** What the auditor kept of cosigned checkpoints. */
  readonly keep: readonly string[] | undefined
}

/** Where the build of the Java verifier leaves them. */
export const FOLDER =
  process.env['PUBLICATIONS'] ?? fileURLToPath(new URL('../../../../verifier/target/publications/', import.meta.url))

/** All of them; none if that build did not run. */
export async function publications(): Promise<Publication[]> {
  const files = await readdir(FOLDER).catch(() => [])
  return Promise.all(
    files
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map(async (file) => {
        const { answers, auditor, report, keep } = JSON.parse(await readFile(join(FOLDER, file), 'utf8'))
        const { kept, verified, log, files, policy } = auditor as { [name: string]: string | undefined }
        const { cosigned, maxAgeMillis, now } = auditor as { [name: string]: any }
        const start: Verified | undefined =
          verified === undefined ? undefined : parseVerified(new TextEncoder().encode(verified))
        return {
          name: file.replace('.json', ''),
          answers,
          report,
          level: report.level,
          now,
          keep,
          known: {
            ...(kept === undefined ? {} : { kept }),
            // Java's auditor is asked for what it knows of the log that is there; this one says it before.
            ...(start === undefined || start.log !== report.log ? {} : { start }),
            ...(log === undefined ? {} : { log }),
            ...(files === undefined ? {} : { files }),
            ...(policy === undefined ? {} : { policy }),
            ...(cosigned === undefined ? {} : { cosigned }),
            ...(maxAgeMillis === undefined ? {} : { maxAgeMillis }),
          },
        }
      }),
  )
}

/** A host for each of them, below its name. */
export class Publisher {
  private constructor(private readonly server: Server) {}

  static async open(all: readonly Publication[]): Promise<Publisher> {
    const byName = new Map(all.map((each) => [each.name, each]))
    const server = createServer((request, response) => {
      const [, name = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(decodeURIComponent(request.url ?? '')) ?? []
      const body = byName.get(name)?.answers[path]
      if (body === undefined || body === null) {
        response.writeHead(404).end()
        return
      }
      readFile(join(FOLDER, 'bodies', body)).then(
        (bytes) => response.setHeader('content-type', path.endsWith('/') ? 'application/json' : 'text/plain').end(bytes),
        () => response.writeHead(500).end(),
      )
    })
    // On a busy machine a connection that the server closes as idle may be in use again.
    server.keepAliveTimeout = 0
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Publisher(server)
  }

  place(publication: Publication): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}/${publication.name}`
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}
