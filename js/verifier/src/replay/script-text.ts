import { ScriptError } from '../errors.js'

const HEAD = '(function (exports, require, module, __filename, __dirname) {'

/** The source of a CommonJS file as the function whose body it is. */
export function commonJs(source: string): string {
  return `${HEAD}${source}\n})`
}

/** A module's sources: the file that is loaded, how it exports, and all files by their names. */
export interface ScriptSources {
  readonly main: string
  readonly kind: 'commonjs' | 'module'
  readonly files: ReadonlyMap<string, string>
}

/** That loading a script was stopped by a limit. */
export function trappedScript(script: ScriptSources, limit: string): ScriptError {
  return new ScriptError(
    `${script.main}: loading it ran out of ${limit}; raise the limit or do less at the top level`,
  )
}

/**
 * That a script does not load, for its author: what went wrong, where, and the line itself.
 *
 * @param said name and message
 * @param stack the stack's lines, in which a place may be anything
 */
export function brokenScript(script: ScriptSources, said: readonly string[], stack: readonly string[]): ScriptError {
  const name = script.main.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const place = new RegExp(`${name}:([1-9][0-9]{0,8}):([1-9][0-9]{0,8})(?![0-9])`)
  const lines: string[] = []
  let where: string | undefined
  for (const text of stack) {
    const found = place.exec(text)
    if (found !== null) {
      const line = Number(found[1])
      const column = authorColumn(script, line, Number(found[2]))
      lines.push(text.replace(place, () => `${script.main}:${line}:${column}`))
      where ??= excerpt(script, line, column)
    }
  }
  return new ScriptError([`${where ?? script.main}\n`, said.join(': '), ...lines].join('\n'))
}

// As the author's editor counts it: what stands before a CommonJS file is on its first line.
function authorColumn(script: ScriptSources, line: number, column: number): number {
  return script.kind === 'commonjs' && line === 1 ? Math.max(1, column - HEAD.length) : column
}

function excerpt(script: ScriptSources, line: number, column: number): string {
  const text = script.files.get(script.main)?.split(/\r\n|\r|\n/)[line - 1] ?? ''
  const mark = `${' '.repeat(Math.min(column - 1, text.length))}^`
  return `${script.main}:${line}:${column}\n${text}\n${mark}`
}
