package dev.glasshouse.calllog.fsck;

import dev.glasshouse.calllog.RestoredMark;
import dev.glasshouse.calllog.store.StoreCopy;
import dev.glasshouse.calllog.store.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A copy of a stopped host's directory. It is marked from the first moment on, so that nothing is
 * ever signed from it, however it comes to where a host runs.
 */
public final class Backup {
  private static final List<String> BESIDE = List.of("treehead", "checkpoint", "cosigned");
  private static final String KEY = "host.key";

  private Backup() {}

  /**
   * Copies {@code dir} to {@code out}, which is made, or is empty.
   *
   * @param withKey whether the signing key is copied, if it is there
   * @param time for the text of the mark
   * @return how many bytes were copied
   * @throws StoreException if a host has {@code dir} open, or it is no host's, or {@code out} is
   *     not empty
   */
  public static long copy(Path dir, Path out, boolean withKey, Instant time) throws IOException {
    Path log = dir.resolve("log");
    if (!Files.isDirectory(log)) {
      throw new StoreException(dir + " is not the directory of a host: there is no log in it");
    }
    requireEmpty(out);
    try (StoreCopy store = StoreCopy.of(log)) {
      Files.createDirectories(out);
      RestoredMark mark = RestoredMark.of(out);
      mark.write(
          "Copied from "
              + dir.toAbsolutePath().normalize()
              + " at "
              + time
              + ".\nWhat the host signed later is not in here: to sign on would fork its log."
              + "\nWhile this file is here, nothing is signed from this directory.\n");
      StoreCopy.sync(out);
      // If we stop here, or anywhere below, fsck says that the copy is not whole.
      long bytes = store.to(out.resolve("log"));
      for (String name : BESIDE) {
        bytes += copyIfThere(dir.resolve(name), out.resolve(name));
      }
      if (withKey) {
        bytes += copyIfThere(dir.resolve(KEY), out.resolve(KEY));
      }
      StoreCopy.sync(out);
      return bytes;
    }
  }

  private static long copyIfThere(Path file, Path to) throws IOException {
    return Files.exists(file) ? StoreCopy.copy(file, to) : 0;
  }

  private static void requireEmpty(Path out) throws IOException {
    if (!Files.exists(out)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new StoreException(out + " is in the way: name a directory that does not exist yet");
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(out)) {
      if (files.iterator().hasNext()) {
        throw new StoreException(
            out + " is not empty: name a directory that does not exist yet. Nothing was changed");
      }
    }
  }
}
