package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the pages of the images that a host keeps. They are a convenience for whoever replays the
 * log: a host drops old ones, and so does a copy.
 */
final class ImageCopy {
  /** Images that a host keeps at most; a longer list is cut. */
  private static final int MAX_IMAGES = 64;

  private final PublicationFolder folder;
  private final LogReader source;
  private final LogReader local;
  private final BlobReader blobs;

  ImageCopy(PublicationFolder folder, LogReader source, BlobReader blobs) {
    this.folder = folder;
    this.source = source;
    this.local = new DirectoryLogReader(folder.dir());
    this.blobs = blobs;
  }

  /**
   * Brings the images up to date with those that the source keeps.
   *
   * @param size of the tree whose entries and blobs are in the folder
   */
  void run(long size) {
    List<Long> listed;
    try {
      listed = source.images();
    } catch (UnreachableException e) {
      // It publishes none: those that are here stay.
      return;
    }
    boolean isFirst = !folder.has(Layout.IMAGES);
    List<Long> held = isFirst ? List.of() : local.images();
    List<Long> kept = new ArrayList<>();
    for (long index : listed.subList(0, Math.min(MAX_IMAGES, listed.size()))) {
      if (index < size && (held.contains(index) || copy(index, size))) {
        kept.add(index);
      }
    }
    if (isFirst || !kept.equals(held)) {
      List<Object> json = new ArrayList<>();
      kept.forEach(index -> json.add(Map.of("index", index)));
      folder.write(Layout.IMAGES, CanonicalJson.format(json));
      if (!kept.containsAll(held)) {
        // If we stop here, pages stay that no image uses; the next image that is dropped takes
        // them.
        drop(kept, size);
      }
    }
  }

  // False if the source has dropped the image meanwhile.
  private boolean copy(long index, long size) {
    for (Hash page : new HashSet<>(pages(index, size))) {
      if (!folder.has(Layout.page(page))) {
        byte[] bytes = source.page(page);
        if (bytes == null) {
          return false;
        }
        if (!Hash.of(bytes).equals(page)) {
          throw new WrongBlobException(page, bytes.length);
        }
        folder.write(Layout.page(page), bytes);
      }
    }
    return true;
  }

  private List<Hash> pages(long index, long size) {
    Entry entry = Entry.parse(local.entries(index, size).get(0), blobs);
    if (entry instanceof ImageEntry image) {
      return image.heap().readPages(blobs);
    }
    throw new UnverifiedException(source + " lists entry " + index + ", which is no image");
  }

  private void drop(List<Long> kept, long size) {
    Set<String> used = new HashSet<>();
    for (long index : kept) {
      pages(index, size).forEach(page -> used.add(page.hex()));
    }
    Path pages = folder.dir().resolve(Layout.page(Hash.ZERO)).getParent();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(pages)) {
      for (Path file : files) {
        if (!used.contains(file.getFileName().toString())) {
          folder.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
