package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import java.util.List;

/**
 * In what the heap that a replay came to differs from the one that an image entry claims, for
 * people to see. The first differing page is named if the claimed list of pages can be had and is
 * one: a host that lies need not have it.
 *
 * @param expected the heap as it must be, such as {@code heap root …, 28 pages …; page 3 with
 *     SHA-256 …}
 * @param actual the heap as the log has it
 */
record HeapDifference(String expected, String actual) {
  static HeapDifference between(
      ImageEntry right, BlobReader derivedBlobs, ImageEntry said, BlobReader blobs) {
    String expected = text(right);
    String actual = text(said);
    List<Hash> rightPages = pages(right.heap(), derivedBlobs);
    List<Hash> saidPages = pages(said.heap(), blobs);
    int common = Math.min(rightPages.size(), saidPages.size());
    for (int i = 0; i < common; i++) {
      if (!rightPages.get(i).equals(saidPages.get(i))) {
        return new HeapDifference(
            expected + "; page " + i + " with SHA-256 " + rightPages.get(i),
            actual + "; page " + i + " with SHA-256 " + saidPages.get(i));
      }
    }
    return new HeapDifference(expected, actual);
  }

  private static String text(ImageEntry image) {
    HeapReference heap = image.heap();
    return "heap root "
        + heap.root()
        + ", "
        + heap.pages().length() / Hash.BYTES
        + " pages listed in blob "
        + heap.pages().sha256()
        + ", globals "
        + heap.globals()
        + ", "
        + (image.due() == ImageEntry.NO_TIMER ? "no timer due" : "a timer due at " + image.due());
  }

  private static List<Hash> pages(HeapReference heap, BlobReader blobs) {
    try {
      return heap.readPages(blobs);
    } catch (MissingBlobException
        | WrongBlobException
        | MalformedException
        | UnreachableException e) {
      return List.of();
    }
  }
}
