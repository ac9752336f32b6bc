import { Bytes, Fact, Facts } from '../../../../js/console/src/parts/basics.js'
import { count, localTime, size } from '../../../../js/console/src/text.js'
import { type Album, FOLDER, type Photo } from '../album.js'

/** What was proved of a photo before it was shown, and what was not. */
export function Proof({ album, photo: { name, file } }: { album: Album; photo: Photo }) {
  const { files, host } = album
  return (
    <div class="proof-of">
      <p>
        These bytes are <code>{`${FOLDER}/${name}`}</code> of this log. Each line follows from the one below it:
      </p>
      <Facts>
        <Fact name="Photo">
          {size(file.length)}, SHA-256 <Bytes text={file.sha256.hex()} name="the photo’s SHA-256" />
        </Fact>
        <Fact name="Archive root">
          <Bytes text={files.root.hex()} name="the archive’s root" />
        </Fact>
        <Fact name="Entry">
          {count(files.index)}, of {localTime(files.time)} by the host’s clock; the newest
        </Fact>
        <Fact name="Checkpoint">
          {count(files.size)} entries, signed by <code>{album.info.key}</code>
        </Fact>
        <Fact name="Log">
          <Bytes text={album.info.log} name="the log’s id" /> pinned by this page’s address
        </Fact>
      </Facts>
      <p class="hint">
        That the archive is what the calls in the log come to, an audit shows: <code>glass verify {host}</code>. Whether a
        photo shows what it is said to, nobody can prove.
      </p>
    </div>
  )
}
