import { ProvedArchive, keyOf } from 'glasshouse-client/host'
import { type ArchiveFile, type ArchiveValue, Hash, decodeUtf8, encodeUtf8 } from 'glasshouse-formats'
import { useEffect, useState } from 'preact/hooks'
import { useAnswer, useHost } from '../hooks.js'
import type { Host } from '../host.js'
import { entryReceipt } from '../log/entry-receipt.js'
import { Bytes, Fact, Facts, Failure, Mark, Title, Waiting } from '../parts/basics.js'
import { Preview } from '../parts/preview.js'
import { href, replaceRoute } from '../route.js'
import { save, tar } from '../save.js'
import { count, plural, shellWord, size } from '../text.js'
import { digitsOf, isIndex } from './search.js'

/** Names that are listed at once. */
const SHOWN = 500

/** The archive: as it is, or as it was after an entry. */
export function FilesView({ path, at }: { path: string; at: string }) {
  const host = useHost()
  const root = useAnswer(() => rootAt(host, at), at, [at === '' ? host.size : 0])
  return (
    <>
      <Title>Files</Title>
      <Crumbs path={path} at={at} />
      <AtForm path={path} at={at} size={host.size} />
      {root.error !== undefined && <Failure error={root.error} title="The files cannot be shown." />}
      {root.value === undefined && root.isPending && <Waiting what="Reading" />}
      {root.value !== undefined && (
        <AtPath key={`${at} ${path}`} host={host} path={path} at={at} root={root.value.root} index={root.value.index} />
      )}
    </>
  )
}

async function rootAt(host: Host, at: string): Promise<{ root: Hash; index: number }> {
  const index = at === '' ? host.size - 1 : Number(at)
  if (!/^\d{0,15}$/.test(at) || index >= host.size) {
    throw new RangeError(`The log has no entry ${at}.`)
  }
  // The line's bytes are in the signed tree.
  const { bytes } = await host.entries.row(index)
  return { root: Hash.parseHex((JSON.parse(decodeUtf8(bytes)) as { root: string }).root), index }
}

function Crumbs({ path, at }: { path: string; at: string }) {
  const names = path.split('/').filter((name) => name !== '')
  return (
    <nav aria-label="Path" class="crumbs">
      <ol>
        <li>
          <a href={href('files', '', { at })} aria-current={names.length === 0 ? 'page' : undefined}>
            all files
          </a>
        </li>
        {names.map((name, i) => {
          const isLast = i === names.length - 1
          const key = names.slice(0, i + 1).join('/') + (isLast && !path.endsWith('/') ? '' : '/')
          return (
            <li key={key}>
              <a href={href('files', key, { at })} aria-current={isLast ? 'page' : undefined}>
                {name}
              </a>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

function AtForm({ path, at, size: entries }: { path: string; at: string; size: number }) {
  const [text, setText] = useState(at)
  useEffect(() => setText(at), [at])
  const isEntry = isIndex(text, entries)
  return (
    <form
      class="search at"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() === '' || isEntry) {
          location.hash = href('files', path, { at: digitsOf(text) })
        }
      }}
    >
      <label>
        As of entry
        <input
          type="text"
          inputMode="numeric"
          placeholder="newest"
          value={text}
          aria-invalid={text.trim() !== '' && !isEntry}
          aria-describedby="at-problem"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <span class="problem" id="at-problem">
          {text.trim() !== '' && !isEntry ? `from 0 to ${count(entries - 1)}` : ''}
        </span>
      </label>
      <button type="submit">Show</button>
      {at !== '' && (
        <a class="button quiet" href={href('files', path)}>
          Newest
        </a>
      )}
    </form>
  )
}

interface AtPathProps {
  host: Host
  path: string
  at: string
  root: Hash
  index: number
}

function AtPath({ host, path, at, root, index }: AtPathProps) {
  // What was found stays in sight until the same is found in a newer archive: by the entry it was found in.
  const found = useAnswer(() => find(host, root, path, index), path, [root.hex()])
  const { key, listing, file } = found.value ?? {}
  const isMisnamed = file?.value === 'directory'
  useEffect(() => {
    if (isMisnamed) {
      replaceRoute(href('files', `${key}/`, { at }))
    }
  }, [isMisnamed])
  if (found.error !== undefined) {
    return <Failure error={found.error} title="What is here cannot be proved." />
  }
  if (found.value === undefined || key === undefined || isMisnamed) {
    return <Waiting what="Reading and verifying" />
  }
  if (listing !== undefined) {
    return <Listing path={key} at={at} listing={listing.value} />
  }
  return typeof file?.value !== 'object' ? (
    <Absent path={key} />
  ) : (
    <File host={host} path={key} file={file.value} proof={file.proof} index={found.value.index} />
  )
}

async function find(host: Host, root: Hash, path: string, index: number) {
  const key = keyOf(path)
  const archive = new ProvedArchive(host.published, root)
  return key === '' || key.endsWith('/')
    ? { key, index, listing: await archive.listing(key), file: undefined }
    : { key, index, listing: undefined, file: await archive.at(key) }
}

function Absent({ path }: { path: string }) {
  return (
    <p>
      <Mark holds>
        there is nothing at <code>/{path}</code>
      </Mark>
    </p>
  )
}

interface ListingProps {
  path: string
  at: string
  listing: ReadonlyMap<string, ArchiveValue> | undefined
}

function Listing({ path, at, listing }: ListingProps) {
  const [shown, setShown] = useState(SHOWN)
  if (listing === undefined) {
    return <Absent path={path} />
  }
  if (listing.size === 0) {
    return (
      <p>
        <Mark holds>{path === '' ? 'the module has written no files' : 'this directory is empty'}</Mark>
      </p>
    )
  }
  const items = [...listing].sort(([a, one], [b, other]) =>
    (one === 'directory') === (other === 'directory') ? (a < b ? -1 : 1) : one === 'directory' ? -1 : 1,
  )
  return (
    <>
      <table class="plain files">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">
              Size
            </th>
            <th scope="col" class="wide">
              SHA-256
            </th>
          </tr>
        </thead>
        <tbody>
          {items.slice(0, shown).map(([key, value]) => (
            <tr key={key}>
              <td>
                <a href={href('files', key, { at })}>{key.slice(path.length)}</a>
              </td>
              <td class="number">{value === 'directory' ? '' : size(value.length)}</td>
              <td class="wide">{value === 'directory' ? '' : <code>{value.sha256.hex().slice(0, 16)}…</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > shown && (
        <p class="buttons">
          <button type="button" onClick={() => setShown(shown + SHOWN)}>
            Show more
          </button>
          <span class="hint">{count(items.length - shown)} are left</span>
        </p>
      )}
      <Mark holds>{plural(items.length, 'name')}, and no others: proved under the root that the log has</Mark>
    </>
  )
}

interface FileProps {
  host: Host
  path: string
  file: ArchiveFile
  proof: Uint8Array
  index: number
}

function File({ host, path, file, proof, index }: FileProps) {
  const [problem, setProblem] = useState<unknown>()
  const name = path.slice(path.lastIndexOf('/') + 1)
  const download = async () => {
    setProblem(undefined)
    try {
      save(name, await host.published.blob(file.sha256.hex()))
    } catch (error) {
      setProblem(error)
    }
  }
  const saveProof = async () => {
    setProblem(undefined)
    try {
      const receipt = await entryReceipt(host, index)
      const files = new Map([...receipt.files()].map(([suffix, bytes]) => [`${name}.proof${suffix}`, bytes]))
      files.set(`${name}.proof.path`, encodeUtf8(`/${path}\n`))
      files.set(`${name}.proof.archive`, proof)
      save(`${name}.proof.tar`, tar(files), 'application/x-tar')
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <>
      <Facts>
        <Fact name="Size">{size(file.length)}</Fact>
        <Fact name="SHA-256">
          <Bytes text={file.sha256.hex()} name="the file's SHA-256" />
        </Fact>
        <Fact name="Proof">
          <Mark holds>
            this is the file at <code>/{path}</code> as of <a href={href('log', String(index))}>entry {count(index)}</a>
          </Mark>
        </Fact>
      </Facts>
      <p class="buttons">
        <button type="button" onClick={() => void download()}>
          Download
        </button>
        <button type="button" onClick={() => void saveProof()}>
          Save the proof
        </button>
      </p>
      {problem !== undefined && <Failure error={problem} />}
      <Preview host={host} name={name} file={file} />
      <p class="hint">
        The proof is a tar archive. Unpacked beside the file,{' '}
        <code>
          glass files --check {shellWord(`${name}.proof`)} --content {shellWord(name)}
        </code>{' '}
        checks it without a network.
      </p>
    </>
  )
}
