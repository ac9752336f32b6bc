import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type PreviewServer, build, preview } from 'vite'

const SAMPLE = fileURLToPath(new URL('../../../samples/photo-album', import.meta.url))

/** The page of the photo album, built and served as `npm start` in its folder does, at a port of its own. */
export class AlbumPage {
  private constructor(
    private readonly server: PreviewServer,
    private readonly folder: string,
  ) {}

  static async serve(): Promise<AlbumPage> {
    const folder = await mkdtemp(join(tmpdir(), 'glasshouse-album-'))
    const config = { root: SAMPLE, logLevel: 'warn', build: { outDir: folder } } as const
    await build(config)
    return new AlbumPage(await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } }), folder)
  }

  /** The address of the page, of an album if one is named. */
  url(host?: string, log?: string): string {
    const place = host === undefined ? '' : `#host=${host}${log === undefined ? '' : `&log=${log}`}`
    return `${this.server.resolvedUrls?.local[0]}${place}`
  }

  async close(): Promise<void> {
    await this.server.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
