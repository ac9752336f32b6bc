import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Identity } from 'glasshouse-client'
import { running } from './running.js'

/** What starts `glass`. */
export const GLASS = process.env['GLASS'] ?? fileURLToPath(new URL('../../../../glass', import.meta.url))
const SAMPLES = fileURLToPath(new URL('../../../../samples/', import.meta.url))

/** A folder of a test's own, which goes when the test is done. */
export async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'glasshouse-js-'))
}

/** A real host in a process of its own, whose key the test has. */
export class Host {
  private constructor(
    private readonly child: ChildProcess,
    readonly home: string,
    readonly key: Identity,
    /** HOST:PORT. */
    readonly place: string,
    readonly log: string,
  ) {}

  /** @param script the name of a sample, or the source of a script */
  static async start(script: string, ...options: string[]): Promise<Host> {
    const home = await folder()
    const key = await Identity.generate()
    await writeFile(join(home, 'host.key'), key.toOpenSSH(), { mode: 0o600 })
    const isSample = /^[a-z-]+\.js$/.test(script)
    const file = isSample ? join(SAMPLES, script) : join(home, 'script.js')
    if (!isSample) {
      await writeFile(file, script)
    }
    return Host.run(home, key, [file, '-p', '0', ...options])
  }

  /** Serves the same directory at the same port again. */
  async again(): Promise<Host> {
    const { args } = this.child as ChildProcess & { args: string[] }
    const port = this.place.split(':')[1] as string
    return Host.run(
      this.home,
      this.key,
      args.map((arg, i) => (args[i - 1] === '-p' ? port : arg)),
    )
  }

  private static async run(home: string, key: Identity, args: string[]): Promise<Host> {
    const folders = ['--dir', join(home, 'log'), '--identity', join(home, 'host.key')]
    const { child, said } = await started(['exec', ...args, ...folders], home, /^Call log: /)
    const [, place = ''] = /^Serving at (\S+)$/m.exec(said) ?? []
    const [, log = ''] = /^Call log: ([0-9a-f]{64})$/m.exec(said) ?? []
    const host = new Host(Object.assign(child, { args }), home, key, place, log)
    running.add(host)
    return host
  }

  /** Ends the process, without leave, or with SIGTERM as an operator does. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    running.delete(this)
    await ended(this.child, signal)
  }

  /** Ends the process and takes its folder away. */
  async stop(): Promise<void> {
    await this.kill()
    await rm(this.home, { recursive: true, force: true })
  }
}

/** Starts `glass` as a service: the process, and what it says up to the line that it is known by. */
export async function started(
  args: readonly string[],
  home: string,
  lastLine: RegExp,
): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(GLASS, args, {
    env: { ...process.env, GLASSHOUSE_HOME: join(home, 'home') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`
    if (lastLine.test(line)) {
      child.stdout.resume()
      return { child, said }
    }
  }
  throw new Error(`glass ${args[0]} did not start: ${said}`)
}

/** Ends such a process. */
export async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal)
    await once(child, 'exit')
  }
}

/** Runs `glass`; what it says, and its exit code. */
export async function glass(...args: string[]): Promise<{ code: number; said: string }> {
  const home = await folder()
  const child = spawn(GLASS, args, {
    env: { ...process.env, GLASSHOUSE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text
    })
  }
  const [code] = (await once(child, 'close')) as [number]
  await rm(home, { recursive: true, force: true })
  return { code, said }
}
