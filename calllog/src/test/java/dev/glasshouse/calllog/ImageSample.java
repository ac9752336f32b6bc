package dev.glasshouse.calllog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The directory of a host: genesis, calls, and an image as the last entry. */
public final class ImageSample {
  private ImageSample() {}

  /** Writes one into a new directory. */
  public static void write(Path dir, int calls) throws IOException {
    LogWriter writer = new LogWriter("x");
    try (CallLog log = open(dir)) {
      writer.begin(log);
      writer.append(log, calls);
      byte[] page = VectorFile.utf8("a page");
      Hash hash = Hash.of(page);
      Map<Hash, byte[]> blobs = new LinkedHashMap<>();
      ImageEntry entry =
          new ImageEntry(
              log.head().size(),
              log.lastLeaf(),
              SampleLog.TIME + calls,
              HeapReference.of("1 2 3", List.of(hash, hash), blobs),
              ImageEntry.NO_TIMER,
              SampleLog.NO_WRITES,
              SampleLog.EMPTY_ARCHIVE);
      ImagePages image = new ImagePages(List.of(hash, hash), Map.of(hash, page));
      log.append(List.of(new CallLog.Pending(entry.format(blobs), blobs, null, null, image)));
    }
    SampleLog.HOST.save(dir.resolve("host.key"));
  }

  /** Opens it as its host. */
  public static CallLog open(Path dir) {
    return CallLog.open(dir, SampleLog.HOST);
  }
}
