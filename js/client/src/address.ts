import { GlasshouseError } from './errors.js'

const DEFAULT_PORT = 5555

/**
 * Where a module is: `HOST[:PORT]` for a host's only one, `HOST:PORT/NAME` for one of several, or a
 * URL by ws, wss, http or https with any path.
 */
export class HostAddress {
  private constructor(
    private readonly secure: boolean,
    /** A name or address, an IPv6 address in brackets. */
    private readonly host: string,
    private readonly port: number,
    /** Empty, or segments that each begin with a slash. */
    private readonly path: string,
  ) {}

  static parse(text: string): HostAddress {
    const shape =
      /^(?:(ws|http)(s?):\/\/)?(\[[0-9a-f:.]+\]|[^\s/:?#@[\]]+)(?::([0-9]{1,5}))?((?:\/[^/?#\s]+)*)\/?$/i.exec(
        text,
      )
    const [, scheme, secure = '', host = '', digits, path = ''] = shape ?? []
    const isSecure = secure !== ''
    const port =
      digits === undefined ? (isSecure ? 443 : scheme === undefined ? DEFAULT_PORT : 80) : Number(digits)
    // Without a port it would as well be the path of a file.
    const mayHavePath = scheme !== undefined || digits !== undefined
    if (shape === null || port < 1 || port > 65_535 || (path !== '' && !mayHavePath)) {
      throw new GlasshouseError(
        `"${text}" is no host; write HOST, HOST:PORT[/NAME] or https://HOST[:PORT][/PATH]`,
      )
    }
    return new HostAddress(isSecure, host, port, path)
  }

  /** Where calls go; `user` is whom a debug host is told to be called by. */
  webSocket(user: string | null | undefined): string {
    const query = user === undefined || user === null ? '' : `?user=${encodeURIComponent(user)}`
    return `${this.secure ? 'wss' : 'ws'}://${this.host}:${this.port}${this.path}/${query}`
  }

  /** Where the host publishes what is at a path, which begins with a slash. */
  http(below: string): string {
    return `${this.secure ? 'https' : 'http'}://${this.host}:${this.port}${this.path}${below}`
  }

  /** `HOST:PORT`; with TLS or a path, the URL. Parses to the same address. */
  toString(): string {
    if (!this.secure && this.path === '') {
      return `${this.host}:${this.port}`
    }
    const isStandard = this.port === (this.secure ? 443 : 80)
    return `${this.secure ? 'https' : 'http'}://${this.host}${isStandard ? '' : `:${this.port}`}${this.path}`
  }
}
