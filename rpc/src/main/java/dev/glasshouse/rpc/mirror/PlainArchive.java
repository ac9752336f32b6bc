package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.rpc.client.StaticFiles;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The archive as plain files, for people and their tools. {@link StaticFiles#ROOT_FILE} says which
 * archive it is; while it is being replaced, from which to which, so that whoever was stopped on
 * the way does the same again.
 */
final class PlainArchive {
  private static final int LINE = 2 * Hash.BYTES + 1;

  private final PublicationFolder folder;
  private final BlobReader blobs;

  PlainArchive(PublicationFolder folder, BlobReader blobs) {
    this.folder = folder;
    this.blobs = blobs;
  }

  /** Makes the files those of the archive with this root. */
  void become(Hash root) {
    String state = state();
    Hash now = ArchiveTree.EMPTY_ROOT;
    if (state.length() == 2 * LINE) {
      Hash from = Hash.parseHex(state.substring(0, LINE - 1));
      now = Hash.parseHex(state.substring(LINE, 2 * LINE - 1));
      replace(from, now);
    } else if (!state.isEmpty()) {
      now = Hash.parseHex(state.substring(0, LINE - 1));
    }
    if (state.isEmpty() || !now.equals(root)) {
      replace(now, root);
    }
  }

  private void replace(Hash from, Hash to) {
    write(from.hex() + "\n" + to.hex() + "\n");
    // If we stop from here on, the next start replaces the same again.
    directory(folder.dir().resolve(Layout.FILES));
    ArchiveChanges.between(
        from,
        to,
        blobs,
        new ArchiveChanges.Visitor() {
          @Override
          public void removed(ArchiveKey key) {
            Path place = Layout.file(folder.dir(), key.text());
            // Done again, there may be a directory in place of a file already, or the reverse; and
            // below a file there is nothing.
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS) == key.isDirectory()) {
              folder.delete(place);
            }
          }
        });
    ArchiveChanges.between(
        from,
        to,
        blobs,
        new ArchiveChanges.Visitor() {
          @Override
          public void set(ArchiveKey key, ArchiveValue value) {
            Path place = Layout.file(folder.dir(), key.text());
            if (value instanceof ArchiveValue.FileRef file) {
              folder.write(place, blobs.require(file.sha256()));
            } else {
              directory(place);
            }
          }
        });
    write(to.hex() + "\n");
  }

  private static void directory(Path place) {
    try {
      Files.createDirectories(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String state() {
    try {
      byte[] bytes = Files.readAllBytes(folder.dir().resolve(StaticFiles.ROOT_FILE));
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (!text.matches("([0-9a-f]{64}\n){1,2}")) {
        throw new IOException(
            StaticFiles.ROOT_FILE + " names no archive; take it away together with files/");
      }
      return text;
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String state) {
    folder.write(StaticFiles.ROOT_FILE, state.getBytes(StandardCharsets.UTF_8));
  }
}
