package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which files differ between the archive that a replay came to and the one that the log claims, for
 * people to see. Nothing if the claimed archive is not to be had: a host need not have one.
 *
 * @param files the first of them
 */
record FilesDifference(List<DivergedFile> files) {
  /** Files named. */
  private static final int MAX_NAMED = 10;

  /**
   * Entries of an archive looked at: a liar's archive has no end that its verifier must wait for.
   */
  private static final int MAX_ENTRIES = 100_000;

  FilesDifference {
    files = List.copyOf(files);
  }

  static FilesDifference between(Hash derivedRoot, Hash loggedRoot, BlobReader blobs) {
    if (derivedRoot.equals(loggedRoot)) {
      return new FilesDifference(List.of());
    }
    try {
      return compare(contents(derivedRoot, blobs), contents(loggedRoot, blobs), blobs);
    } catch (MissingBlobException
        | WrongBlobException
        | MalformedException
        | UnreachableException e) {
      return new FilesDifference(List.of());
    }
  }

  /** The differing files as they must be, such as {@code ; /a of 3 bytes with SHA-256 …}. */
  String expected() {
    StringBuilder text = new StringBuilder();
    files.forEach(
        file -> text.append("; ").append(file.path()).append(' ').append(file.expected()));
    return text.toString();
  }

  /** The same files as the log has them. */
  String actual() {
    StringBuilder text = new StringBuilder();
    files.forEach(file -> text.append("; ").append(file.path()).append(' ').append(file.actual()));
    return text.toString();
  }

  private static FilesDifference compare(
      Map<ArchiveKey, ArchiveValue> right, Map<ArchiveKey, ArchiveValue> said, BlobReader blobs) {
    List<DivergedFile> files = new ArrayList<>();
    TreeSet<ArchiveKey> all = new TreeSet<>(right.keySet());
    all.addAll(said.keySet());
    for (ArchiveKey key : all) {
      ArchiveValue must = right.get(key);
      ArchiveValue is = said.get(key);
      if (files.size() < MAX_NAMED && (must == null || !must.equals(is))) {
        files.add(new DivergedFile("/" + key.text(), text(must), text(is), diff(must, is, blobs)));
      }
    }
    return new FilesDifference(files);
  }

  private static String text(ArchiveValue value) {
    if (value == null) {
      return "absent";
    }
    return value instanceof ArchiveValue.FileRef file
        ? "of " + file.length() + " bytes with SHA-256 " + file.sha256()
        : "a directory";
  }

  private static List<String> diff(ArchiveValue must, ArchiveValue is, BlobReader blobs) {
    if (must instanceof ArchiveValue.Directory || is instanceof ArchiveValue.Directory) {
      return List.of();
    }
    try {
      byte[] old = bytes((ArchiveValue.FileRef) must, blobs);
      byte[] now = bytes((ArchiveValue.FileRef) is, blobs);
      return old == null || now == null ? List.of() : LineDiff.between(old, now);
    } catch (WrongBlobException | MalformedException | UnreachableException e) {
      // What is withheld cannot be shown.
      return List.of();
    }
  }

  // Null if it is too long to be shown, or is not to be had.
  private static byte[] bytes(ArchiveValue.FileRef file, BlobReader blobs) {
    if (file == null) {
      return new byte[0];
    }
    return file.length() > LineDiff.MAX_BYTES ? null : blobs.blob(file.sha256());
  }

  private static Map<ArchiveKey, ArchiveValue> contents(Hash root, BlobReader blobs) {
    Map<ArchiveKey, ArchiveValue> contents = new TreeMap<>();
    Iterator<ArchiveEntry> entries = ArchiveTree.open(root, blobs).entries();
    while (entries.hasNext() && contents.size() < MAX_ENTRIES) {
      ArchiveEntry entry = entries.next();
      contents.put(entry.key(), entry.value());
    }
    return contents;
  }
}
