import { readFile, stat } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'

/** A web server for the files of an export, such as any other. */
export class Files {
  private constructor(private readonly server: Server) {}

  static async serve(folder: string): Promise<Files> {
    const server = createServer((request, response) => {
      response.setHeader('access-control-allow-origin', '*')
      const file = join(folder, normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)))
      stat(file)
        .then(async (found) => (found.isFile() ? readFile(file) : Promise.reject(new Error('a folder'))))
        .then(
          (bytes) => response.end(bytes),
          () => response.writeHead(404).end(),
        )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Files(server)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}
