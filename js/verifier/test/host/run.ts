import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The command of this package. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Runs it with a home of the user; what it says, and its exit code. */
export async function run(home: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, GLASSHOUSE_HOME: home }
  return promisify(execFile)(process.execPath, [CLI, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error) => ({ code: error.code, out: error.stdout, err: error.stderr }),
  )
}
