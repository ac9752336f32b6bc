#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { HostAddress } from './address.js'
import { Connection } from './connection.js'
import { declarations } from './declarations.js'
import { platform } from '#platform'

const USAGE = `Usage: glasshouse-client types HOST [--name NAME] [-o FILE]

Writes TypeScript declarations of the methods of the backend at HOST.
HOST is HOST[:PORT], HOST:PORT/NAME, or a URL.

  --name NAME   the name of the interface (default: Backend)
  -o FILE       where to write (default: the standard output)
`

async function main(args: string[]): Promise<number> {
  let name = 'Backend'
  let file: string | undefined
  const words: string[] = []
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === '--help' || word === '-h') {
      process.stdout.write(USAGE)
      return 0
    }
    if (word === '--name') {
      name = args.shift() ?? ''
    } else if (word === '-o') {
      file = args.shift()
    } else {
      words.push(word)
    }
  }
  const [command, host, ...more] = words
  if (command !== 'types' || host === undefined || more.length > 0) {
    process.stderr.write(USAGE)
    return 2
  }
  const text = declarations(await discover(host), name)
  if (file === undefined) {
    process.stdout.write(text)
  } else {
    await writeFile(file, text)
  }
  return 0
}

async function discover(host: string): Promise<unknown> {
  const connection = new Connection(HostAddress.parse(host), undefined, platform.WebSocket, 0)
  try {
    await connection.opened()
    return JSON.parse(await connection.request('rpc.discover', '{}'))
  } finally {
    connection.close()
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  },
)
