package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.client.Listing;
import dev.glasshouse.rpc.client.StaticFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log as it lies in a directory: an export, or a mirror, which may grow while it is read. */
public final class DirectoryLogReader implements LogReader {
  private static final int MAX_BUNDLE = EntryBundle.FULL_WIDTH * (EntryBundle.MAX_ENTRY_BYTES + 2);
  private static final int MAX_BLOB = 256 << 20;
  private static final int MAX_LISTING = 64 << 20;

  private final Path dir;
  private final StaticFiles files = new StaticFiles(this, new PlainFiles());

  public DirectoryLogReader(Path dir) {
    this.dir = dir;
  }

  /** Whether there is something to read in a directory: a checkpoint beside tiles. */
  public static boolean isPublication(Path dir) {
    return Files.isRegularFile(dir.resolve(Layout.CHECKPOINT))
        && Files.isDirectory(dir.resolve(Layout.TILES));
  }

  @Override
  public byte[] checkpoint() {
    return require(Layout.CHECKPOINT, Note.MAX_BYTES);
  }

  @Override
  public byte[] cosigned() {
    return read(Layout.COSIGNED, Note.MAX_BYTES);
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    EntryBundle bundle = EntryBundle.holding(from, size);
    byte[] bytes = read(bundle.path(), MAX_BUNDLE);
    List<byte[]> entries;
    if (bytes == null && bundle.width() < EntryBundle.FULL_WIDTH) {
      // Partial bundles go when the full one is there.
      EntryBundle full = new EntryBundle(bundle.index(), EntryBundle.FULL_WIDTH);
      entries = full.decode(require(full.path(), MAX_BUNDLE));
    } else {
      entries = bundle.decode(found(bundle.path(), bytes));
    }
    return entries.subList((int) (from % EntryBundle.FULL_WIDTH), bundle.width());
  }

  @Override
  public List<Hash> tile(Tile tile) {
    int limit = Tile.FULL_WIDTH * Hash.BYTES;
    byte[] bytes = read(tile.path(), limit);
    if (bytes == null && tile.width() < Tile.FULL_WIDTH) {
      Tile full = new Tile(tile.level(), tile.index(), Tile.FULL_WIDTH);
      return full.decode(require(full.path(), limit)).subList(0, tile.width());
    }
    return tile.decode(found(tile.path(), bytes));
  }

  @Override
  public byte[] blob(Hash hash) {
    return read(Layout.blob(hash), MAX_BLOB);
  }

  @Override
  public InputStream openBlob(Hash hash) {
    try {
      return Files.newInputStream(dir.resolve(Layout.blob(hash)));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw unreadable(Layout.blob(hash), e);
    }
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    return files.directory(path, root);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    return files.file(path, root);
  }

  @Override
  public List<Long> images() {
    return Listing.images(require(Layout.IMAGES, MAX_LISTING));
  }

  @Override
  public byte[] page(Hash hash) {
    return read(Layout.page(hash), HeapReference.PAGE_BYTES);
  }

  @Override
  public boolean isCopy() {
    return true;
  }

  private final class PlainFiles implements StaticFiles.Plain {
    @Override
    public byte[] root() {
      return read(StaticFiles.ROOT_FILE, StaticFiles.MAX_ROOT_FILE);
    }

    @Override
    public List<String> names(String path) {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> listed = Files.newDirectoryStream(place(path))) {
        for (Path found : listed) {
          boolean isDirectory = Files.isDirectory(found, LinkOption.NOFOLLOW_LINKS);
          names.add(found.getFileName() + (isDirectory ? "/" : ""));
        }
      } catch (NoSuchFileException | NotDirectoryException e) {
        throw new UnreachableException(dir + " has no directory " + path, e);
      } catch (IOException e) {
        throw unreadable(path, e);
      }
      return names;
    }

    @Override
    public byte[] bytes(String path) {
      Path place = place(path);
      // A link would show what lies elsewhere.
      return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
          ? DirectoryLogReader.this.read(path, place, MAX_BLOB)
          : null;
    }

    private Path place(String path) {
      return Layout.file(dir, path.substring(1));
    }
  }

  private byte[] require(String path, int limit) {
    return found(path, read(path, limit));
  }

  private byte[] found(String path, byte[] bytes) {
    if (bytes == null) {
      throw new UnreachableException(dir + " does not have " + path);
    }
    return bytes;
  }

  private byte[] read(String path, int limit) {
    return read(path, dir.resolve(path), limit);
  }

  // Null if it is not there.
  private byte[] read(String path, Path place, int limit) {
    try (InputStream in = Files.newInputStream(place)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new MalformedException(place + " has more than " + limit + " bytes");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private UnreachableException unreadable(String path, IOException e) {
    return new UnreachableException("cannot read " + path + " in " + dir + ": " + e, e);
  }

  /** The directory. */
  @Override
  public String toString() {
    return dir.toString();
  }
}
