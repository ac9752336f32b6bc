interface OpenRpc {
  readonly info?: { readonly title?: unknown; readonly version?: unknown }
  readonly methods?: readonly {
    readonly name?: unknown
    readonly params?: readonly { readonly name?: unknown }[]
  }[]
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u

/**
 * TypeScript declarations of a backend's methods from the result of `rpc.discover`. JavaScript says
 * how many parameters a method declares and no more, so all are `unknown` and all may be left out.
 *
 * @param name of the interface
 */
export function declarations(discovered: unknown, name = 'Backend'): string {
  const { info, methods } = (discovered ?? {}) as OpenRpc
  if (!Array.isArray(methods) || !IDENTIFIER.test(name)) {
    throw new TypeError('declarations are made of an OpenRPC document, for an interface with a name')
  }
  const members = (methods as NonNullable<OpenRpc['methods']>).map((method) => {
    const params = (method.params ?? []).map((_, i) => `arg${i}?: unknown`)
    return signature(String(method.name), [...params, '...more: unknown[]'].join(', '))
  })
  const lines = [
    `// The methods of ${comment(info?.title)}, log ${comment(info?.version)}.`,
    '// Made by `npx glasshouse-client types`: sharpen the types as you know them.',
    `export interface ${name} {`,
    ...members.map((member) => `  ${member}`),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function signature(method: string, params: string): string {
  if (method === 'default') {
    return `(${params}): Promise<any>`
  }
  return `${IDENTIFIER.test(method) ? method : JSON.stringify(method)}(${params}): Promise<any>`
}

// A host's own words must not end the comment.
function comment(text: unknown): string {
  return String(text ?? '?').replace(/[^\x20-\x7e]/g, '?')
}
